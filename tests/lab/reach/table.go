// Package reach compares what meshfedc says of calls, without a cluster, with what istiod generates for the same objects.
package reach

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"meshfedc/lab/lab"
	"meshfedc/lab/world"
)

// Endpoint is where a client's proxy sends calls.
type Endpoint struct {
	Workload, Address, Network string
	Port                       int
	Share                      float64
}

// End is who answers.
type End struct {
	Cluster, Workload, Identity string
	Port                        int
	Share                       float64
}

// Cause is why calls end.
type Cause struct{ Code, Message, Place string }

// Answer is one row of `meshfedc trace --all`.
type Answer struct {
	Client struct {
		Cluster, Namespace, Account string
	}
	Host      string
	Port      int
	Verdict   string
	Accepted  []string
	Endpoints []Endpoint
	Ends      []End
	Causes    []Cause
}

func (a *Answer) has(code string) bool {
	return slices.ContainsFunc(a.Causes, func(c Cause) bool { return c.Code == code })
}

// Passed is one row of `meshfedc exposure`.
type Passed struct {
	Cluster, Gateway, Sni string
	Port                  int
}

// Table is all that meshfedc says of a federation.
type Table struct {
	answers map[string]*Answer
	passed  []Passed
	refused []Cause
	Doors   []Door
}

type pair struct{ namespace, account string }

func key(cluster string, client pair, host string, port int) string {
	return fmt.Sprintf("%s %s %s %s %d", cluster, client.namespace, client.account, host, port)
}

// Answer is the row of a client: its own, or that of all whom no object names. Nil: there is none.
func (t *Table) Answer(client *world.Pod, host string, port int) *Answer {
	for _, as := range []pair{{client.Namespace, client.Account}, {client.Namespace, ""}, {"", ""}} {
		if answer := t.answers[key(client.Cluster.Name, as, host, port)]; answer != nil {
			return answer
		}
	}
	return nil
}

// Passes says whether a gateway of a cluster is said to pass a name.
func (t *Table) Passes(cluster, sni string) bool {
	return slices.ContainsFunc(t.passed, func(one Passed) bool { return one.Cluster == cluster && one.Sni == sni })
}

// Refused says whether an Envoy is said to refuse a listener.
func (t *Table) Refused() bool {
	return slices.ContainsFunc(t.refused, func(c Cause) bool { return c.Code == "MF1110" })
}

// Ask has meshfedc read the facts of the world, and the manifests in `trees`; "": what the source compiles to.
func Ask(planned *world.World, source, trees, directory string) (*Table, error) {
	facts, err := writeFacts(planned, source, directory)
	if err != nil {
		return nil, err
	}
	options := []string{"--format", "json", "--facts", facts, "-f", source}
	if trees != "" {
		options = append(options, "-o", trees)
	}
	var traced struct{ Answers []*Answer }
	if err := run(&traced, append([]string{"trace", "--all"}, options...)...); err != nil {
		return nil, err
	}
	var exposed struct {
		Passed []Passed
		Causes []Cause
	}
	if err := run(&exposed, append([]string{"exposure"}, options...)...); err != nil {
		return nil, err
	}
	var known struct{ Doors []Door }
	bytes, err := os.ReadFile(facts)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(bytes, &known); err != nil {
		return nil, err
	}
	table := &Table{answers: map[string]*Answer{}, passed: exposed.Passed, refused: exposed.Causes, Doors: known.Doors}
	for _, answer := range traced.Answers {
		client := pair{answer.Client.Namespace, answer.Client.Account}
		table.answers[key(answer.Client.Cluster, client, answer.Host, answer.Port)] = answer
	}
	return table, nil
}

// run reads what a command prints. Status 1 is an answer.
func run(into any, arguments ...string) error {
	command := exec.Command(os.Getenv("MESHFEDC"), arguments...)
	bytes, err := command.Output()
	if exit, ok := err.(*exec.ExitError); err != nil && !(ok && exit.ExitCode() == 1) {
		if ok {
			return fmt.Errorf("meshfedc %v: %w\n%s", arguments, err, exit.Stderr)
		}
		return err
	}
	return json.Unmarshal(bytes, into)
}

// writeFacts takes what the source says, and puts what runs in the lab in place of what is taken for granted: its pods, the
// applications' Services, and the version of its istiod.
func writeFacts(planned *world.World, source, directory string) (string, error) {
	var facts map[string]any
	if err := run(&facts, "facts", "-f", source); err != nil {
		return "", err
	}
	for _, one := range facts["clusters"].([]any) {
		cluster := one.(map[string]any)
		site := planned.Site(planned.Federation.Cluster(cluster["name"].(string)))
		if err := knowsGateways(cluster["objects"].([]any), site); err != nil {
			return "", fmt.Errorf("the facts of %s: %w", site.Cluster.Name, err)
		}
		cluster["istio"] = "1.32"
		cluster["alpha_gateway_api"] = true
		cluster["workloads"] = workloads(site)
		cluster["objects"] = others(site)
		cluster["cluster_local"] = lab.ClusterLocal(planned, site)
	}
	bytes, err := json.Marshal(facts)
	if err != nil {
		return "", err
	}
	path := filepath.Join(directory, "facts.json")
	return path, os.WriteFile(path, bytes, 0o644)
}

// knowsGateways says which Service of an existing gateway the source's own facts lack: here they are replaced.
func knowsGateways(objects []any, site *world.Site) error {
	for _, one := range others(site) {
		service := one.(world.Object)
		ofGateway := slices.ContainsFunc(site.Pods, func(pod *world.Pod) bool {
			return pod.Router() && pod.Namespace == service.Namespace() && pod.Name == service.Name()+"-0"
		})
		known := slices.ContainsFunc(objects, func(object any) bool {
			other := world.Object(object.(map[string]any))
			return other.Kind() == "Service" && other.Namespace() == service.Namespace() && other.Name() == service.Name()
		})
		if service.Kind() == "Service" && ofGateway && !known {
			return fmt.Errorf("no Service %s/%s", service.Namespace(), service.Name())
		}
	}
	return nil
}

// nobodyCalls is a port: clients listen, but on no port that is ever called.
const nobodyCalls = 1

// workloads are clients, too: a selector that has lost its labels selects them.
func workloads(site *world.Site) []any {
	found := []any{}
	for _, pod := range site.Pods {
		if pod.Router() {
			continue
		}
		ports := []int{nobodyCalls}
		if pod.Role == world.Workload {
			ports = nil
			for _, port := range pod.Workload.Ports() {
				ports = append(ports, port.Target)
			}
		}
		found = append(found, map[string]any{"namespace": pod.Namespace, "name": pod.Name, "labels": pod.Labels,
			"account": pod.Account, "ports": ports})
	}
	return found
}

// others are what others apply: the applications' Services, and what an existing gateway's installation has.
func others(site *world.Site) []any {
	found := []any{}
	for _, object := range site.Objects[site.Compiled:] {
		deployed := object.Labels()["gateway.networking.k8s.io/gateway-class-name"] == "istio"
		if object.Kind() == "Service" && !deployed || object.Kind() == "Gateway" {
			found = append(found, object)
		}
	}
	return found
}

package procedure

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"meshfedc/scratch/cluster"
)

// Answers are how many calls each cluster answered; those that failed are under the status that the caller saw.
type Answers map[string]int

// Call lets the container `sleep` of a pod of the cluster call a URL, each time with a connection of its own, and says who
// answered.
func (l *Lab) Call(ctx context.Context, from *cluster.Cluster, count int, url string) (Answers, error) {
	pods, err := Pods(ctx, from, "sleep", "app=sleep")
	if err != nil || len(pods) == 0 {
		return nil, fmt.Errorf("%s has no pod sleep: %w", from.Name, err)
	}
	servers := map[string]string{}
	for _, c := range []*cluster.Cluster{l.East, l.West} {
		list, err := Pods(ctx, c, "httpbin", "app=httpbin")
		if err != nil {
			return nil, err
		}
		for _, pod := range list {
			servers[pod.Name] = c.Name
		}
	}
	const loop = `for i in $(seq "$1"); do curl -sS -m 5 -w ' %{http_code}\n' "$2" 2>&1 | tr -d '\n'; echo; done`
	said, err := from.Kubelet.Exec(ctx, "sleep", pods[0].Name, "sleep", "sh", "-c", loop, "sh", fmt.Sprint(count), url)
	if err != nil {
		return nil, err
	}
	answers := Answers{}
	for line := range strings.Lines(string(said)) {
		answers[who(strings.TrimSpace(line), servers)]++
	}
	return answers, nil
}

// who reads what curl prints: the body of /hostname, and the status.
func who(line string, servers map[string]string) string {
	var body struct{ Hostname string }
	end := strings.LastIndexByte(line, ' ')
	if end < 0 || line[end+1:] != "200" || json.Unmarshal([]byte(line[:end]), &body) != nil {
		return line
	}
	if name, known := servers[body.Hostname]; known {
		return name
	}
	return "unknown pod " + body.Hostname
}

// Headers are those that reach the server.
func (l *Lab) Headers(ctx context.Context, from *cluster.Cluster, url string) (map[string][]string, error) {
	pods, err := Pods(ctx, from, "sleep", "app=sleep")
	if err != nil || len(pods) == 0 {
		return nil, fmt.Errorf("%s has no pod sleep: %w", from.Name, err)
	}
	said, err := from.Kubelet.Exec(ctx, "sleep", pods[0].Name, "sleep", "curl", "-sS", "-m", "5", url)
	if err != nil {
		return nil, err
	}
	var body struct{ Headers map[string][]string }
	return body.Headers, json.Unmarshal(said, &body)
}

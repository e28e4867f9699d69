// Package envoy runs real Envoys, configured by an istiod over ADS and by the lab's own secret server.
package envoy

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"meshfedc/lab/network"
)

// Proxy is one running Envoy.
type Proxy struct {
	Name    string
	command *exec.Cmd
	log     string
	admin   *http.Client
	ended   chan struct{}
}

// Options say where a proxy gets its configuration from.
type Options struct {
	Binary    string
	Directory string         // for its files; one per proxy
	Node      map[string]any // what it tells istiod
	Istiod    string         // IP:port
	Secrets   string         // IP:port
}

// Start starts Envoy in a host.
func Start(host *network.Host, options Options) (*Proxy, error) {
	if err := os.MkdirAll(options.Directory, 0o755); err != nil {
		return nil, err
	}
	socket := filepath.Join(options.Directory, "admin")
	bootstrap, err := json.Marshal(bootstrap(options, socket))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(options.Directory, "bootstrap.json")
	if err := os.WriteFile(file, bootstrap, 0o644); err != nil {
		return nil, err
	}
	proxy := &Proxy{Name: host.Name, log: filepath.Join(options.Directory, "log"), ended: make(chan struct{})}
	log, err := os.Create(proxy.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	proxy.command = exec.Command(options.Binary, "-c", file, "--disable-hot-restart", "--concurrency", "1", "-l", "warn")
	proxy.command.Stdout, proxy.command.Stderr = log, log
	if err := host.Start(proxy.command); err != nil {
		return nil, err
	}
	go func() { _ = proxy.command.Wait(); close(proxy.ended) }()
	proxy.admin = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		}}}
	return proxy, nil
}

// Ready waits until everything that the proxy was promised at its start has come: clusters, endpoints, listeners,
// routes and secrets.
func (p *Proxy) Ready(deadline time.Time) error {
	for time.Now().Before(deadline) {
		select {
		case <-p.ended:
			return fmt.Errorf("%s: Envoy ended: %s", p.Name, p.complaints())
		default:
		}
		if body, status := p.get("/ready"); status == http.StatusOK && strings.HasPrefix(body, "LIVE") {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	waits, _ := p.get("/init_dump")
	return fmt.Errorf("%s: Envoy is not ready in time; it waits for %s\n%s", p.Name, waits, p.complaints())
}

const troubles = "(update_rejected|listener_create_failure|total_listeners_warming|warming_clusters)"

var trouble = regexp.MustCompile(`(?m)^(\S*` + troubles + `): [1-9]\d*$`)

// Rejections are the configuration that the proxy refused, or still waits for, with its reasons; none if all is well.
func (p *Proxy) Rejections() []string {
	stats, status := p.get("/stats?usedonly&filter=" + troubles)
	if status != http.StatusOK {
		return []string{"no answer: " + p.complaints()}
	}
	var found []string
	for _, match := range trouble.FindAllStringSubmatch(stats, -1) {
		found = append(found, match[1])
	}
	if len(found) > 0 {
		found = append(found, p.complaints())
	}
	return found
}

var ejected = regexp.MustCompile(`(?m)^cluster\..*\.outlier_detection\.ejections_active: [1-9]\d*$`)

// Ejected says whether outlier detection has taken an address out, and has not put it back yet.
func (p *Proxy) Ejected() bool {
	stats, _ := p.get("/stats?usedonly&filter=ejections_active")
	return ejected.MatchString(stats)
}

// Dump is everything that the proxy was given, for a person who looks for a reason.
func (p *Proxy) Dump() string {
	body, _ := p.get("/config_dump?include_eds")
	return body
}

// Stop ends the proxy and waits for that.
func (p *Proxy) Stop() {
	_ = p.command.Process.Kill()
	<-p.ended
}

func (p *Proxy) get(path string) (string, int) {
	response, err := p.admin.Get("http://admin" + path)
	if err != nil {
		return "", 0
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", 0
	}
	return string(body), response.StatusCode
}

// complaints is the end of the proxy's log.
func (p *Proxy) complaints() string {
	bytes, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(bytes[max(0, len(bytes)-4000):])
}

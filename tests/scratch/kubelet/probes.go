package kubelet

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	core "k8s.io/api/core/v1"
)

// probe asks a container whether it has started, and then, for as long as it runs, whether it is ready.
func (k *Kubelet) probe(ctx context.Context, p *pod, c *running) {
	if c.StartupProbe != nil {
		for tries := int32(0); !k.answers(ctx, p, c, c.StartupProbe); tries++ {
			if tries >= cmp.Or(c.StartupProbe.FailureThreshold, 3) {
				c.process.Kill()
				return
			}
			if !wait(ctx, period(c.StartupProbe)) {
				return
			}
		}
	}
	k.set(ctx, p, c, true, c.ReadinessProbe == nil)
	if c.ReadinessProbe == nil || !wait(ctx, time.Duration(c.ReadinessProbe.InitialDelaySeconds)*time.Second) {
		return
	}
	for failures := int32(0); ; {
		if k.answers(ctx, p, c, c.ReadinessProbe) {
			failures = 0
			k.set(ctx, p, c, true, true)
		} else if failures++; failures >= cmp.Or(c.ReadinessProbe.FailureThreshold, 3) {
			k.set(ctx, p, c, true, false)
		}
		// A kubelet asks at once again what was not ready; then it keeps to the period.
		next := period(c.ReadinessProbe)
		if !c.ready {
			next = min(next, time.Second)
		}
		if !wait(ctx, next) {
			return
		}
	}
}

func period(probe *core.Probe) time.Duration {
	return time.Duration(cmp.Or(probe.PeriodSeconds, 10)) * time.Second
}

// answers makes one request from the node, as a kubelet does.
func (k *Kubelet) answers(ctx context.Context, p *pod, c *running, probe *core.Probe) bool {
	request := probe.HTTPGet
	if request == nil {
		_ = k.fail(ctx, p, fmt.Errorf("%s: the lab's kubelet knows probes by HTTP only", c.Name))
		return false
	}
	client := http.Client{
		Timeout:   time.Duration(cmp.Or(probe.TimeoutSeconds, 1)) * time.Second,
		Transport: &http.Transport{DialContext: k.cluster.Node.Dial, DisableKeepAlives: true},
	}
	url := fmt.Sprintf("http://%s%s", net.JoinHostPort(p.object.Status.PodIP, port(c, request)), request.Path)
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	for _, header := range request.HTTPHeaders {
		asked.Header.Set(header.Name, header.Value)
	}
	reply, err := client.Do(asked)
	if err != nil {
		return false
	}
	_ = reply.Body.Close()
	return reply.StatusCode >= http.StatusOK && reply.StatusCode < http.StatusBadRequest
}

func port(c *running, request *core.HTTPGetAction) string {
	for _, known := range c.Ports {
		if known.Name != "" && known.Name == request.Port.StrVal {
			return fmt.Sprint(known.ContainerPort)
		}
	}
	return request.Port.String()
}

func (k *Kubelet) set(ctx context.Context, p *pod, c *running, started, ready bool) {
	p.mutex.Lock()
	changed := c.started != started || c.ready != ready
	c.started, c.ready = started, ready
	p.mutex.Unlock()
	if changed {
		k.report(ctx, p)
	}
}

package lab

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"meshfedc/lab/oracle"
	"meshfedc/lab/world"
)

// Traffic is all calls that a federation declares, made again and again.
type Traffic struct {
	lab   *Lab
	calls []declaredCall
	pause sync.RWMutex // who holds it calls nobody
	mutex sync.Mutex
	made  int
	lost  []string // each call once, as it ended first
}

type declaredCall struct {
	client  *world.Pod
	export  *oracle.Export
	port    oracle.Port
	address string // which the client's agent remembers
	answers int    // how many clusters may answer
}

// StartTraffic calls until the test ends.
func (l *Lab) StartTraffic() *Traffic {
	traffic := &Traffic{lab: l}
	for _, client := range l.Pods() {
		for _, export := range l.Federation.Exports {
			answers := len(l.Federation.Answers(client.As(), export))
			if client.Role != world.Client || answers == 0 || !l.Federation.Allowed(client.As(), export) {
				continue
			}
			for _, port := range export.Ports {
				if address, known := l.resolve(client, export, port); known {
					traffic.calls = append(traffic.calls, declaredCall{client, export, port, address, answers})
				}
			}
		}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				traffic.make(traffic.calls[i%len(traffic.calls)])
			}
		}
	}()
	l.t.Cleanup(func() { close(stop); <-stopped })
	return traffic
}

func (t *Traffic) make(call declaredCall) {
	t.pause.RLock()
	reply := t.lab.callAt(call.client, call.address, call.export.Host, call.port)
	t.pause.RUnlock()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.made++
	name := fmt.Sprintf("%s calls %s:%d: ", call.client.Key(), call.export.Host, call.port.Number)
	again := slices.ContainsFunc(t.lost, func(one string) bool { return strings.HasPrefix(one, name) })
	if reply.Status != 200 && !again {
		t.lost = append(t.lost, name+describe(reply))
	}
}

// Pause does something while nobody calls.
func (t *Traffic) Pause(do func()) {
	t.pause.Lock()
	defer t.pause.Unlock()
	do()
}

// Round makes every call, once for each cluster that may answer, and returns those that were lost since the last round.
func (t *Traffic) Round() []string {
	for _, call := range t.calls {
		for range call.answers {
			t.make(call)
		}
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	lost := t.lost
	t.lost = nil
	return lost
}

// Made is how many calls there were.
func (t *Traffic) Made() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.made
}

package control

import (
	"sync"

	"istio.io/istio/pkg/test"
)

// lifetime is a part of a test, which may end before it.
type lifetime struct {
	test.Failer
	mutex sync.Mutex
	ends  []func()
}

// Cleanup keeps what is to be done at the end of this part.
func (l *lifetime) Cleanup(end func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.ends = append(l.ends, end)
}

// end does it, last things first, and once.
func (l *lifetime) end() {
	for {
		l.mutex.Lock()
		last := len(l.ends) - 1
		if last < 0 {
			l.mutex.Unlock()
			return
		}
		end := l.ends[last]
		l.ends = l.ends[:last]
		l.mutex.Unlock()
		end()
	}
}

// Stop ends an istiod: its proxies keep what they have, and look for another one at the same address.
func (p *Plane) Stop() { p.lifetime.end() }

// Settled says whether so many proxies are connected, and have taken all that they were sent.
func (p *Plane) Settled(proxies int) bool {
	connected := p.Discovery.Clients()
	if len(connected) < proxies {
		return false
	}
	for _, connection := range connected {
		watched := connection.Proxy().DeepCloneWatchedResources()
		if len(watched) < 2 { // clusters and listeners at least
			return false
		}
		for _, resources := range watched {
			if resources.NonceSent != resources.NonceAcked {
				return false
			}
		}
	}
	return true
}

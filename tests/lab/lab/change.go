package lab

import (
	"bytes"
	"fmt"
	"time"

	"meshfedc/lab/control"
	"meshfedc/lab/pki"
	"meshfedc/lab/world"
)

// Replace gives a cluster another istiod at the address of the old one, with the objects and settings of now, and waits until
// its proxies have what it says.
func (l *Lab) Replace(site *world.Site) {
	l.planes[site].Stop()
	l.startPlane(site)
	l.settle(site)
	l.sendRoots(site)
}

const settled = 20 * time.Second

func (l *Lab) settle(site *world.Site) {
	l.await(site.Cluster.Name+": the proxies have not taken what istiod says", func() bool {
		return l.planes[site].Settled(len(site.Pods))
	})
	for _, pod := range site.Pods {
		var found []string
		l.await(pod.Key()+" refuses what istiod says", func() bool {
			found = l.proxies[pod].Rejections()
			return len(found) == 0
		})
	}
}

func (l *Lab) await(otherwise string, done func() bool) {
	for deadline := time.Now().Add(settled); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.must(fmt.Errorf("%s", otherwise))
		}
	}
}

// Ejects waits until a proxy's outlier detection has taken an address out: its threads agree on that some time after the last
// of the failures that are the reason.
func (l *Lab) Ejects(pod *world.Pod) {
	l.await(pod.Key()+" takes no address out", l.proxies[pod].Ejected)
}

// Authority is what a cluster's istiod signs with.
func (l *Lab) Authority(site *world.Site) *pki.Authority { return l.cacerts[site] }

// Sign lets a cluster's istiod sign with another authority, and trust other roots. Proxies keep what they have until they renew
// it, unless istiod sends them roots. It fails where istiod would not start.
func (l *Lab) Sign(site *world.Site, authority *pki.Authority) error {
	if err := authority.Leads(); err != nil {
		return fmt.Errorf("istiod of %s does not start: %w", site.Cluster.Name, err)
	}
	l.cacerts[site] = authority
	l.sendRoots(site)
	return nil
}

// sendRoots plays agents that are told of other roots: then they get another certificate, too.
func (l *Lab) sendRoots(site *world.Site) {
	if !l.planes[site].Sends() {
		return
	}
	roots, err := l.planes[site].Anchors(l.cacerts[site].Root)
	l.must(err)
	for _, pod := range site.Pods {
		if !bytes.Equal(l.shown[pod].Root, roots) {
			l.Renew(pod)
		}
	}
}

// Renew gives a proxy that runs another certificate, as its agent does before the old one expires, and the roots of now.
func (l *Lab) Renew(pod *world.Pod) {
	l.must(l.show(pod))
	l.await(pod.Key()+" refuses its certificate", func() bool { return l.secrets.Taken(control.NodeID(pod)) })
}

// Trusts says whether a proxy has a root.
func (l *Lab) Trusts(pod *world.Pod, root []byte) bool {
	return bytes.Contains(l.shown[pod].Root, root)
}

// Restart ends a pod's proxy and starts it again. Meanwhile, calls that need it fail.
func (l *Lab) Restart(pod *world.Pod) {
	l.proxies[pod].Stop()
	l.must(l.startProxy(pod))
	l.must(l.ready(pod))
}

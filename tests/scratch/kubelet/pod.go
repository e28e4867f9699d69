package kubelet

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"meshfedc/scratch/machine"
)

const (
	tryAgain = 500 * time.Millisecond
	// In which a container must end that is asked to. A shorter time of grace of the pod is kept. istiod needs ten seconds to
	// hand over what only one of its kind may do.
	longestGrace = 15 * time.Second
)

// pod is a pod while it runs here.
type pod struct {
	object    *core.Pod // with the addresses in its status, once it has them
	directory string
	space     machine.Space
	stopping  chan struct{} // closed when it is to be deleted
	stopOnce  sync.Once
	tokens    map[string]string

	mutex      sync.Mutex
	containers []*running // in the order of the specification: those that come first, then the others
	failure    string     // why it does not go on
}

func newPod(object *core.Pod, directory string) *pod {
	p := &pod{object: object, directory: directory, stopping: make(chan struct{}), tokens: map[string]string{}}
	for _, specification := range object.Spec.InitContainers {
		p.containers = append(p.containers, &running{Container: specification, first: true})
	}
	for _, specification := range object.Spec.Containers {
		p.containers = append(p.containers, &running{Container: specification})
	}
	return p
}

// run is the life of a pod.
func (k *Kubelet) run(ctx context.Context, p *pod) {
	life, end := context.WithCancel(ctx)
	defer end()
	go func() {
		select {
		case <-p.stopping:
		case <-ctx.Done():
		}
		end()
	}()
	if k.prepare(life, p) {
		go k.refresh(life, p)
		k.startInOrder(life, p)
	}
	<-life.Done()
	if ctx.Err() != nil {
		return // the lab ends
	}
	k.stop(p)
	if p.space.Name != "" {
		_ = k.network.detach(p)
	}
	now := int64(0)
	_ = k.client.CoreV1().Pods(p.object.Namespace).Delete(ctx, p.object.Name, meta.DeleteOptions{
		GracePeriodSeconds: &now, Preconditions: &meta.Preconditions{UID: &p.object.UID}})
	k.forget(p)
}

// prepare gives the pod its network and its volumes. What is missing may come: a ConfigMap that istiod will write.
func (k *Kubelet) prepare(ctx context.Context, p *pod) bool {
	if err := understood(p.object.Spec); err != nil {
		return k.fail(ctx, p, err)
	}
	if err := os.MkdirAll(p.directory, 0o755); err != nil {
		return k.fail(ctx, p, err)
	}
	if err := k.network.attach(p); err != nil {
		return k.fail(ctx, p, err)
	}
	k.report(ctx, p)
	for {
		err := k.mountVolumes(ctx, p)
		if err == nil {
			p.failure = ""
			return true
		}
		if p.failure != err.Error() {
			k.fail(ctx, p, err)
		}
		if !wait(ctx, tryAgain) {
			return false
		}
	}
}

// refresh keeps the files of ConfigMaps and Secrets as they are in the API server.
func (k *Kubelet) refresh(ctx context.Context, p *pod) {
	for wait(ctx, refreshEvery) {
		_ = k.mountVolumes(ctx, p) // next time, else
	}
}

// startInOrder runs what comes first one by one: until it has ended, or, if it stays, until it has started. Then the rest.
func (k *Kubelet) startInOrder(ctx context.Context, p *pod) {
	for _, c := range p.containers {
		switch {
		case !c.first || c.stays():
			go k.keep(ctx, p, c)
			for c.first && !c.isStarted() {
				if !wait(ctx, pollEvery) {
					return
				}
			}
		default:
			if err := k.once(ctx, p, c); err != nil {
				k.fail(ctx, p, fmt.Errorf("%s: %w", c.Name, err))
				return
			}
		}
	}
}

// stop ends the containers: what comes first and stays ends last.
func (k *Kubelet) stop(p *pod) {
	grace := longestGrace
	if seconds := p.object.DeletionGracePeriodSeconds; seconds != nil {
		grace = min(grace, time.Duration(*seconds)*time.Second)
	} else if seconds := p.object.Spec.TerminationGracePeriodSeconds; seconds != nil {
		grace = min(grace, time.Duration(*seconds)*time.Second)
	}
	for _, first := range []bool{false, true} {
		var all sync.WaitGroup
		for _, c := range p.containers {
			if c.first == first {
				all.Go(func() { k.end(p, c, grace) })
			}
		}
		all.Wait()
	}
}

func (k *Kubelet) fail(ctx context.Context, p *pod, err error) bool {
	p.mutex.Lock()
	p.failure = err.Error()
	p.mutex.Unlock()
	k.report(ctx, p)
	return false
}

// wait is whether the context outlives the time.
func wait(ctx context.Context, time_ time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time_):
		return true
	}
}

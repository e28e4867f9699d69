package kubelet

import (
	"context"
	"fmt"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"
)

// report writes the pod's status.
func (k *Kubelet) report(ctx context.Context, p *pod) {
	pods := k.client.CoreV1().Pods(p.object.Namespace)
	_ = retry.RetryOnConflict(retry.DefaultRetry, func() error {
		now, err := pods.Get(ctx, p.object.Name, meta.GetOptions{})
		if err != nil || now.UID != p.object.UID {
			return nil // it is gone
		}
		p.describe(&now.Status)
		_, err = pods.UpdateStatus(ctx, now, meta.UpdateOptions{})
		return err
	})
}

func (p *pod) describe(status *core.PodStatus) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	status.HostIP, status.HostIPs = p.object.Status.HostIP, p.object.Status.HostIPs
	status.PodIP, status.PodIPs = p.object.Status.PodIP, p.object.Status.PodIPs
	status.Message = p.failure
	status.InitContainerStatuses, status.ContainerStatuses = nil, nil
	initialized, ready, begun := true, true, true
	for _, c := range p.containers {
		is := c.status()
		switch {
		case !c.first:
			status.ContainerStatuses = append(status.ContainerStatuses, is)
			ready = ready && c.ready
			begun = begun && c.process != nil
		default:
			status.InitContainerStatuses = append(status.InitContainerStatuses, is)
			initialized = initialized && (c.done || c.stays() && c.started)
			ready = ready && (c.done || c.ready)
		}
	}
	status.Phase = core.PodPending
	if initialized && begun {
		status.Phase = core.PodRunning
	}
	condition(status, core.PodScheduled, true)
	condition(status, core.PodInitialized, initialized)
	condition(status, core.ContainersReady, ready)
	condition(status, core.PodReady, ready)
}

func (c *running) status() core.ContainerStatus {
	started := c.started || c.done
	is := core.ContainerStatus{Name: c.Name, Image: c.Image, ImageID: c.Image, Ready: c.ready || c.done, Started: &started, RestartCount: c.restarts}
	switch {
	case c.process == nil:
		is.State.Waiting = &core.ContainerStateWaiting{Reason: "PodInitializing"}
	case c.process.Running():
		is.State.Running = &core.ContainerStateRunning{}
		is.ContainerID = fmt.Sprintf("process://%d", c.process.PID())
	case c.done:
		is.State.Terminated = &core.ContainerStateTerminated{Reason: "Completed"}
	default:
		is.State.Waiting = &core.ContainerStateWaiting{Reason: "CrashLoopBackOff"}
	}
	return is
}

func condition(status *core.PodStatus, kind core.PodConditionType, holds bool) {
	value := core.ConditionFalse
	if holds {
		value = core.ConditionTrue
	}
	for i := range status.Conditions {
		if status.Conditions[i].Type != kind {
			continue
		}
		if status.Conditions[i].Status != value {
			status.Conditions[i].Status, status.Conditions[i].LastTransitionTime = value, meta.Now()
		}
		return
	}
	status.Conditions = append(status.Conditions, core.PodCondition{Type: kind, Status: value, LastTransitionTime: meta.Now()})
}

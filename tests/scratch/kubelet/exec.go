package kubelet

import (
	"context"
	"fmt"
	"os"
	"strings"

	"meshfedc/scratch/machine"
)

// Exec runs a command in a container of a pod, as `kubectl exec` does, and gives what it prints.
func (k *Kubelet) Exec(ctx context.Context, namespace, name, container string, arguments ...string) ([]byte, error) {
	p, c, err := k.locate(namespace, name, container)
	if err != nil {
		return nil, err
	}
	return p.execute(ctx, c, arguments...)
}

// Crash ends a container's program without a word, as a fault in it does.
func (k *Kubelet) Crash(namespace, name, container string) error {
	_, c, err := k.locate(namespace, name, container)
	if err != nil {
		return err
	}
	c.process.Kill()
	return nil
}

// Environment is what the kernel says that a container's program was started with.
func (k *Kubelet) Environment(namespace, name, container string) (map[string]string, error) {
	_, c, err := k.locate(namespace, name, container)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", c.process.PID()))
	variables := map[string]string{}
	for one := range strings.SplitSeq(strings.TrimSuffix(string(text), "\x00"), "\x00") {
		name, value, _ := strings.Cut(one, "=")
		variables[name] = value
	}
	return variables, err
}

func (k *Kubelet) locate(namespace, name, container string) (*pod, *running, error) {
	p := k.running(namespace, name)
	if p == nil {
		return nil, nil, fmt.Errorf("%s/%s does not run", namespace, name)
	}
	for _, c := range p.containers {
		if c.Name == container && c.process != nil {
			return p, c, nil
		}
	}
	return nil, nil, fmt.Errorf("%s/%s has no running container %s", namespace, name, container)
}

// Space is the network namespace of a pod.
func (k *Kubelet) Space(namespace, name string) (machine.Space, error) {
	p := k.running(namespace, name)
	if p == nil {
		return machine.Space{}, fmt.Errorf("%s/%s does not run", namespace, name)
	}
	return p.space, nil
}

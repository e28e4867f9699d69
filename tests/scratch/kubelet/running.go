package kubelet

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"

	"meshfedc/scratch/container"
	"meshfedc/scratch/machine"
)

const (
	pollEvery    = 100 * time.Millisecond
	firstBackOff = 10 * time.Second // before a container that has ended starts again, as a kubelet waits
)

// running is a container of a pod, and what has become of it. The pod's mutex guards the rest.
type running struct {
	core.Container
	first bool // it is one that comes before the others

	process  *machine.Process
	spec     container.Spec
	started  bool // its startup probe has succeeded
	ready    bool
	done     bool // it has ended, and that is as it should be
	restarts int32
}

// stays is whether a container that comes first runs as long as the pod: a native sidecar.
func (c *running) stays() bool {
	return c.first && c.RestartPolicy != nil && *c.RestartPolicy == core.ContainerRestartPolicyAlways
}

func (c *running) isStarted() bool { return c.started }

// once runs a container to its end, which must be a good one.
func (k *Kubelet) once(ctx context.Context, p *pod, c *running) error {
	if err := k.start(ctx, p, c); err != nil {
		return err
	}
	k.report(ctx, p)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.process.Ended():
	}
	if !c.process.Succeeded() {
		return c.process.Failure("failed")
	}
	p.mutex.Lock()
	c.done = true
	p.mutex.Unlock()
	return nil
}

// keep runs a container for as long as the pod lives, again when it ends.
func (k *Kubelet) keep(ctx context.Context, p *pod, c *running) {
	for {
		if err := k.start(ctx, p, c); err != nil {
			k.fail(ctx, p, fmt.Errorf("%s: %w", c.Name, err))
			return
		}
		probing, end := context.WithCancel(ctx)
		go k.probe(probing, p, c)
		select {
		case <-ctx.Done():
			end()
			return
		case <-c.process.Ended():
			end()
		}
		p.mutex.Lock()
		c.ready, c.started = false, false
		c.restarts++
		p.mutex.Unlock()
		k.report(ctx, p)
		if !wait(ctx, firstBackOff) {
			return
		}
	}
}

func (k *Kubelet) start(ctx context.Context, p *pod, c *running) error {
	spec, err := k.specify(ctx, p, c)
	if err != nil {
		return err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	file := filepath.Join(p.directory, c.Name+".json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	if err := os.MkdirAll(spec.Root, 0o755); err != nil {
		return err
	}
	command := p.space.Command(k.container, file)
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS}
	process, err := machine.Start(k.cluster.Name+" "+p.object.Name+" "+c.Name, filepath.Join(p.directory, c.Name+".log"), command)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	c.process, c.spec = process, spec
	return err
}

// specify says what a container is made of: its image, the pod's volumes and names, and its own arguments.
func (k *Kubelet) specify(ctx context.Context, p *pod, c *running) (container.Spec, error) {
	image, err := k.images.find(c.Image)
	if err != nil {
		return container.Spec{}, err
	}
	variables, arguments, err := k.environment(ctx, p.object, c.Container)
	if err != nil {
		return container.Spec{}, err
	}
	if len(c.Command) == 0 {
		arguments = append(append([]string{}, image.Command...), arguments...)
	}
	spec := container.Spec{
		Root: filepath.Join(p.directory, c.Name), Hostname: p.object.Name,
		Mounts: image.Files, Environment: variables, Arguments: arguments,
		Files: map[string]string{
			"/etc/resolv.conf": k.resolver(p.object.Namespace),
			"/etc/hosts":       fmt.Sprintf("127.0.0.1 localhost\n%s %s\n", p.object.Status.PodIP, p.object.Name),
			"/etc/passwd":      "root:x:0:0::/root:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\n",
			"/etc/group":       "root:x:0:\nistio-proxy:x:1337:\n",
		},
	}
	for _, mount := range c.VolumeMounts {
		spec.Mounts = append(spec.Mounts, container.Mount{Source: p.volume(mount.Name), Target: mount.MountPath, ReadOnly: mount.ReadOnly})
	}
	spec.User, spec.Group = identity(p.object.Spec.SecurityContext, c.SecurityContext, image.User)
	return spec, nil
}

// identity is the user and the group that the container says, or the pod, or the image.
func identity(pod *core.PodSecurityContext, of *core.SecurityContext, image int) (user, group int) {
	user, group = image, image
	for _, one := range []struct{ user, group *int64 }{
		{ptr.Deref(pod, core.PodSecurityContext{}).RunAsUser, ptr.Deref(pod, core.PodSecurityContext{}).RunAsGroup},
		{ptr.Deref(of, core.SecurityContext{}).RunAsUser, ptr.Deref(of, core.SecurityContext{}).RunAsGroup},
	} {
		user = int(ptr.Deref(one.user, int64(user)))
		group = int(ptr.Deref(one.group, int64(group)))
	}
	return user, group
}

func (k *Kubelet) resolver(namespace string) string {
	domain := k.cluster.Domain
	return fmt.Sprintf("nameserver %s\nsearch %s.svc.%s svc.%s %s\noptions ndots:5\n", k.cluster.DNS, namespace, domain, domain, domain)
}

// end ends a container: what it wants to do before, then the signal.
func (k *Kubelet) end(p *pod, c *running, grace time.Duration) {
	p.mutex.Lock()
	process := c.process
	p.mutex.Unlock()
	if process == nil || !process.Running() {
		return
	}
	if hook := ptr.Deref(c.Lifecycle, core.Lifecycle{}).PreStop; hook != nil && hook.Exec != nil && grace > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		_, _ = p.execute(ctx, c, hook.Exec.Command...) // it ends, however this does
	}
	process.Stop(grace)
}

// execute runs a command in a container that runs.
func (p *pod) execute(ctx context.Context, c *running, arguments ...string) ([]byte, error) {
	p.mutex.Lock()
	process, spec := c.process, c.spec
	p.mutex.Unlock()
	if process == nil || !process.Running() {
		return nil, fmt.Errorf("%s of %s does not run", c.Name, p.object.Name)
	}
	return machine.Within(ctx, process.PID(), append([]string{
		"--setuid", strconv.Itoa(spec.User), "--setgid", strconv.Itoa(spec.Group), "--", "env"}, arguments...)...)
}

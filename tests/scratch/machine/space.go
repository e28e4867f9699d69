// Package machine is what a data centre gives to clusters: networks and processes. All of it lives in the namespaces that
// this process was started in, and goes with them.
package machine

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

const spaces = "/run/netns/"

// Space is a network namespace: a node, or a pod.
type Space struct{ Name string }

// NewSpace makes one with nothing in it but loopback.
func NewSpace(name string) (Space, error) {
	if err := Run("ip", "netns", "add", name); err != nil {
		return Space{}, err
	}
	space := Space{name}
	return space, space.Run("ip", "link", "set", "lo", "up")
}

// Remove ends the namespace, with its interfaces. Processes in it are for the caller to end.
func (s Space) Remove() error { return Run("ip", "netns", "delete", s.Name) }

// Command is a command that runs in the namespace. It is not begun.
func (s Space) Command(program string, args ...string) *exec.Cmd {
	return exec.Command("nsenter", append([]string{"--net=" + spaces + s.Name, "--", program}, args...)...)
}

// Run runs a command to its end in the namespace.
func (s Space) Run(program string, args ...string) error { return finish(s.Command(program, args...)) }

// Set writes a setting of the kernel: "net.ipv4.ip_forward" and its like belong to a network namespace.
func (s Space) Set(setting, value string) error {
	return s.Run("sh", "-c", `echo "$2" >"/proc/sys/$1"`, "sh", strings.ReplaceAll(setting, ".", "/"), value)
}

// Dial connects from the namespace to an IP address. A socket stays in the namespace of the thread that makes it.
func (s Space) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	type result struct {
		connection net.Conn
		err        error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine, and nobody else gets it
		if err := s.enter(); err != nil {
			done <- result{nil, err}
			return
		}
		connection, err := new(net.Dialer).DialContext(ctx, network, address)
		done <- result{connection, err}
	}()
	got := <-done
	return got.connection, got.err
}

func (s Space) enter() error {
	file, err := os.Open(spaces + s.Name)
	if err != nil {
		return err
	}
	defer file.Close()
	return unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
}

// Run runs a command to its end.
func Run(program string, args ...string) error { return finish(exec.Command(program, args...)) }

func finish(command *exec.Cmd) error {
	said, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(command.Args, " "), err, said)
	}
	return nil
}

package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Process is a child that lasts no longer than this program, however that ends.
type Process struct {
	Name    string
	Log     string
	command *exec.Cmd
	ended   chan struct{}
}

// Start runs a command with its output in a log file, to which it appends.
func Start(name, log string, command *exec.Cmd) (*Process, error) {
	process := &Process{Name: name, Log: log, command: command, ended: make(chan struct{})}
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	command.Stdout, command.Stderr = file, file
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started := make(chan error)
	go process.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return process, nil
}

// The kernel sends Pdeathsig when the thread that started the child ends. So this goroutine keeps a thread for itself,
// for as long as the child runs.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer close(p.ended)
	err := p.command.Start()
	started <- err
	if err == nil {
		_ = p.command.Wait() // how it ended is in its state
	}
}

// PID is the process as the lab sees it.
func (p *Process) PID() int { return p.command.Process.Pid }

// Ended is closed when the process has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Running is whether it has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Succeeded is whether it ended, and by itself, with exit status 0.
func (p *Process) Succeeded() bool { return !p.Running() && p.command.ProcessState.Success() }

// Stop asks it to end, and after the time of grace makes it.
func (p *Process) Stop(grace time.Duration) {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(grace):
		p.Kill()
	}
}

// Kill ends it at once.
func (p *Process) Kill() {
	_ = p.command.Process.Kill()
	<-p.ended
}

// Failure says that the process is not as it should be, with the end of its log.
func (p *Process) Failure(what string) error {
	const lines = 20
	log, err := os.ReadFile(p.Log)
	if err != nil {
		return err
	}
	all := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
	return fmt.Errorf("%s %s:\n%s", p.Name, what, bytes.Join(all[max(0, len(all)-lines):], []byte("\n")))
}

// Within runs a command to its end in the namespaces of a process; the arguments begin with those of nsenter.
func Within(ctx context.Context, pid int, args ...string) ([]byte, error) {
	all := append([]string{"--target", strconv.Itoa(pid), "--mount", "--net", "--uts", "--pid"}, args...)
	command := exec.CommandContext(ctx, "nsenter", all...)
	said, err := command.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return said, err
}

package apiserver

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

// Both servers are written in Go, and live for half a minute: a third of their work would be the collection of garbage.
const seldomCollected = "GOGC=800"

// process is a child that lasts no longer than this program, however that ends.
type process struct {
	name    string
	log     string
	command *exec.Cmd
	ended   chan struct{}
}

// startProcess runs a program, with its output in a log file of the directory.
func startProcess(dir, program string, args ...string) (*process, error) {
	name := filepath.Base(program)
	p := &process{name: name, log: filepath.Join(dir, name+".log"), ended: make(chan struct{})}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.command = exec.Command(program, args...)
	p.command.Dir = dir
	p.command.Env = append(os.Environ(), seldomCollected)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// The kernel sends Pdeathsig when the thread that started the child ends. So this goroutine keeps a thread for itself,
// for as long as the child runs.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer close(p.ended)
	err := p.command.Start()
	started <- err
	if err == nil {
		_ = p.command.Wait() // it is killed: how it ended says nothing
	}
}

// stop ends the process at once. Nothing that it holds is worth an orderly end.
func (p *process) stop() {
	_ = p.command.Process.Kill()
	<-p.ended
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// failure says that the process is not as it should be, with the end of its log.
func (p *process) failure(what string) error {
	const lines = 20
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err
	}
	all := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
	return fmt.Errorf("%s %s:\n%s", p.name, what, bytes.Join(all[max(0, len(all)-lines):], []byte("\n")))
}

package container

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// system is what every image of the lab has: the programs and libraries of the machine, without what is installed locally.
var system = []Mount{
	{"/usr", "/usr", true},
	{"/etc/alternatives", "/etc/alternatives", true}, // iptables is a link into it
	{"/etc/ssl", "/etc/ssl", true},
	{"/dev", "/dev", false},
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Enter becomes the program of the specification in a file. It returns only if that fails. The process must be the first
// in namespaces of its own: of mounts, processes and host names.
func Enter(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spec Spec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	if err := assemble(spec); err != nil {
		return err
	}
	if err := turn(spec.Root); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte(spec.Hostname)); err != nil {
		return err
	}
	return become(spec)
}

// assemble puts the files together below the root.
func assemble(spec Spec) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("root", spec.Root, "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("root: %w", err)
	}
	for _, directory := range []string{"proc", "tmp", "run", "etc", "var/lib", "var/run"} {
		if err := os.MkdirAll(filepath.Join(spec.Root, directory), 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(spec.Root, "tmp"), 0o1777); err != nil {
		return err
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.Symlink("usr/"+name, filepath.Join(spec.Root, name)); err != nil {
			return err
		}
	}
	for _, mount := range system {
		if err := show(spec.Root, mount); err != nil {
			return err
		}
	}
	if err := unix.Mount("local", filepath.Join(spec.Root, "usr/local"), "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("/usr/local: %w", err)
	}
	for name, content := range spec.Files {
		target := filepath.Join(spec.Root, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, []byte(content), 0o644); err != nil {
			return err
		}
	}
	for _, mount := range spec.Mounts {
		if err := show(spec.Root, mount); err != nil {
			return err
		}
	}
	return unix.Mount("proc", filepath.Join(spec.Root, "proc"), "proc", 0, "")
}

// show makes the place for a mount, and mounts it there.
func show(root string, mount Mount) error {
	target := filepath.Join(root, mount.Target)
	state, err := os.Stat(mount.Source)
	if err != nil {
		return err
	}
	if state.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(target), 0o755); err == nil {
		err = os.WriteFile(target, nil, 0o644)
	}
	if err != nil {
		return err
	}
	if err := unix.Mount(mount.Source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("%s: %w", mount.Target, err)
	}
	if mount.ReadOnly {
		return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
	}
	return nil
}

// turn makes the root the only one: what was there before is gone from this namespace.
func turn(root string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return err
	}
	return os.Chdir("/")
}

func become(spec Spec) error {
	if err := os.Setenv("PATH", path); err != nil {
		return err
	}
	program, err := exec.LookPath(spec.Arguments[0])
	if err != nil {
		return err
	}
	if err := syscall.Setgroups(nil); err != nil {
		return err
	}
	if err := syscall.Setgid(spec.Group); err != nil {
		return err
	}
	if err := syscall.Setuid(spec.User); err != nil {
		return err
	}
	environment := append([]string{"PATH=" + path, "HOME=/"}, spec.Environment...)
	return syscall.Exec(program, spec.Arguments, environment)
}

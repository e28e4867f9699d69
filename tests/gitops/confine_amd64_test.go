package gitops

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// confineVariable has this test program run its arguments as a command that the kernel kills as soon as it does what the
// plugin never does. Its value is the command's file.
const confineVariable = "MESHFEDC_TEST_CONFINE"

// What kills: starting processes, the network, changing files and their attributes, and looking at other processes.
// Opening a file for writing, and writing to anything but standard output and standard error, is looked at by arguments.
var deadly = []uintptr{
	unix.SYS_EXECVEAT, unix.SYS_FORK, unix.SYS_VFORK, unix.SYS_CLONE, unix.SYS_CLONE3, unix.SYS_PTRACE,
	unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KILL, unix.SYS_SOCKET, unix.SYS_SOCKETPAIR,
	unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_SENDTO, unix.SYS_SENDMSG,
	unix.SYS_SENDMMSG, unix.SYS_RECVFROM, unix.SYS_RECVMSG, unix.SYS_RECVMMSG, unix.SYS_IO_URING_SETUP, unix.SYS_CREAT,
	unix.SYS_OPENAT2, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_TRUNCATE, unix.SYS_FTRUNCATE, unix.SYS_FALLOCATE, unix.SYS_MKDIR,
	unix.SYS_MKDIRAT, unix.SYS_RMDIR, unix.SYS_UNLINK, unix.SYS_UNLINKAT, unix.SYS_RENAME, unix.SYS_RENAMEAT,
	unix.SYS_RENAMEAT2, unix.SYS_LINK, unix.SYS_LINKAT, unix.SYS_SYMLINK, unix.SYS_SYMLINKAT, unix.SYS_MKNOD, unix.SYS_MKNODAT,
	unix.SYS_CHMOD, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_CHOWN, unix.SYS_FCHOWN, unix.SYS_LCHOWN, unix.SYS_FCHOWNAT,
	unix.SYS_UTIME, unix.SYS_UTIMES, unix.SYS_UTIMENSAT, unix.SYS_FUTIMESAT, unix.SYS_SETXATTR, unix.SYS_LSETXATTR,
	unix.SYS_FSETXATTR, unix.SYS_PWRITE64, unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_SENDFILE,
	unix.SYS_SPLICE, unix.SYS_COPY_FILE_RANGE, unix.SYS_MEMFD_CREATE, unix.SYS_SYNC, unix.SYS_SYNCFS, unix.SYS_FSYNC,
	unix.SYS_FLOCK, unix.SYS_MOUNT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_BPF,
}

const (
	offsetCall = 0 // of struct seccomp_data; arguments are 64 bits, low half first
	offsetArch = 4
	retKill    = 0x80000000
	retAllow   = 0x7fff0000
	archAMD64  = 0xc000003e
)

func argument(n uint32) uint32 { return 16 + 8*n }

func load(offset uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: offset, Size: 4} }

// when runs the instructions if the loaded word is the value.
func when(value uint32, then ...bpf.Instruction) []bpf.Instruction {
	return append([]bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: value, SkipTrue: uint8(len(then))}}, then...)
}

// filter lets execve pass for the one file name at the address `command`: the launcher's own call.
func filter(command uintptr) []bpf.Instruction {
	kill, allow := bpf.RetConstant{Val: retKill}, bpf.RetConstant{Val: retAllow}
	writing := uint32(unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC | unix.O_APPEND)
	program := []bpf.Instruction{load(offsetArch), bpf.JumpIf{Cond: bpf.JumpEqual, Val: archAMD64, SkipTrue: 1}, kill, load(offsetCall)}
	for _, call := range deadly {
		program = append(program, when(uint32(call), kill)...)
	}
	program = append(program, when(unix.SYS_EXECVE,
		load(argument(0)), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(command), SkipTrue: 1}, kill,
		load(argument(0)+4), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(uint64(command) >> 32), SkipTrue: 1}, kill, allow)...)
	program = append(program, when(unix.SYS_WRITE,
		load(argument(0)), bpf.JumpIf{Cond: bpf.JumpEqual, Val: 1, SkipTrue: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 2, SkipTrue: 1}, kill, allow)...)
	program = append(program, when(unix.SYS_OPEN,
		load(argument(1)), bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: writing, SkipTrue: 1}, kill, allow)...)
	program = append(program, when(unix.SYS_OPENAT,
		load(argument(2)), bpf.JumpIf{Cond: bpf.JumpBitsNotSet, Val: writing, SkipTrue: 1}, kill, allow)...)
	return append(program, allow)
}

// confine replaces this process by a command under the filter.
func confine(args []string) {
	runtime.LockOSThread()
	file, err := unix.BytePtrFromString(os.Getenv(confineVariable))
	if err != nil {
		panic(err)
	}
	os.Unsetenv(confineVariable)
	argv, err := syscall.SlicePtrFromStrings(args)
	if err != nil {
		panic(err)
	}
	envp, err := syscall.SlicePtrFromStrings(os.Environ())
	if err != nil {
		panic(err)
	}
	raw, err := bpf.Assemble(filter(uintptr(unsafe.Pointer(file))))
	if err != nil {
		panic(err)
	}
	code := make([]unix.SockFilter, len(raw))
	for i, instruction := range raw {
		code[i] = unix.SockFilter{Code: instruction.Op, Jt: instruction.Jt, Jf: instruction.Jf, K: instruction.K}
	}
	program := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0); err != nil {
		panic(err)
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(file)), uintptr(unsafe.Pointer(&argv[0])),
		uintptr(unsafe.Pointer(&envp[0])))
	fmt.Fprintln(os.Stderr, "execve:", errno)
	os.Exit(126)
}

// confined is a command under the filter, in a directory and with nothing else in its environment.
func confined(t *testing.T, directory string, environment []string, command ...string) *exec.Cmd {
	t.Helper()
	file, err := exec.LookPath(command[0])
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	started := exec.Command(self)
	started.Args = append([]string{self}, command...)
	started.Dir = directory
	started.Env = append(environment, confineVariable+"="+file)
	return started
}

func killedByFilter(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGSYS
}

// Reading is all that the plugin does: under a filter that kills for anything else it prints what it prints otherwise.
func TestThePluginDoesNothingButRead(t *testing.T) {
	for _, example := range examples(t) {
		directory := t.TempDir()
		copyTree(t, filepath.Dir(federationOf(example)), directory)
		_, clusters := clustersOf(t, federationOf(example))
		for _, cluster := range clusters {
			t.Run(example+"/"+cluster, func(t *testing.T) {
				environment := []string{"PARAM_CLUSTER=" + cluster, "KUBE_API_VERSIONS=v1"}
				command := confined(t, directory, environment, compiler(t), "cmp", "generate")
				var stderr bytes.Buffer
				command.Stderr = &stderr
				got, err := command.Output()
				if err != nil {
					t.Fatalf("%v\n%s", err, stderr.String())
				}
				same(t, "under the filter", stream(t, federationOf(example), cluster), decode(t, got))
				if !strings.Contains(stderr.String(), "MF1005") {
					t.Errorf("no warning of types that are not served:\n%s", stderr.String())
				}
			})
		}
		t.Run(example+"/parameters", func(t *testing.T) {
			if out, err := confined(t, directory, nil, compiler(t), "cmp", "parameters").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
	t.Run("an error", func(t *testing.T) {
		out, err := confined(t, t.TempDir(), nil, compiler(t), "cmp", "generate").CombinedOutput()
		if killedByFilter(err) || err == nil || !strings.Contains(string(out), "MF0001") {
			t.Fatalf("%v\n%s", err, out)
		}
	})
}

// The same filter kills for each of what it should, and for nothing else.
func TestTheFilterKills(t *testing.T) {
	for _, row := range []struct {
		name    string
		command []string
		killed  bool
	}{
		{"reading a file", []string{"sh", "-c", "read line <federation.toml; echo \"$line\""}, false},
		{"writing a file", []string{"sh", "-c", ": >new"}, true},
		{"appending to a file", []string{"sh", "-c", ": >>federation.toml"}, true},
		{"executing a program", []string{"sh", "-c", "exec true"}, true},
		{"starting a process", []string{"sh", "-c", "true | true"}, true},
		{"opening a socket", []string{"python3", "-Sc", "import _socket; _socket.socket(_socket.AF_UNIX)"}, true},
		{"making a directory", []string{"mkdir", "new"}, true},
		{"removing a file", []string{"rm", "federation.toml"}, true},
		{"a build, which writes", []string{compiler(t), "build", "-o", "out"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			environment := []string{"PATH=" + os.Getenv("PATH"), "PYTHONDONTWRITEBYTECODE=1"}
			directory := t.TempDir()
			write(t, filepath.Join(directory, "federation.toml"), read(t, federationOf("seed")))
			out, err := confined(t, directory, environment, row.command...).CombinedOutput()
			if row.killed != killedByFilter(err) || (!row.killed && err != nil) {
				t.Errorf("under the filter: %v\n%s", err, out)
			}
			free := exec.Command(row.command[0], row.command[1:]...)
			free.Dir, free.Env = directory, environment
			if out, err := free.CombinedOutput(); err != nil {
				t.Errorf("without the filter: %v\n%s", err, out)
			}
		})
	}
}

// Package container makes a container of a process: what it sees of the machine's files is what its specification says.
package container

// Spec is a container. Its network is that of the process that becomes it.
type Spec struct {
	Root        string // an empty directory, where its files come together
	Hostname    string
	Mounts      []Mount
	Files       map[string]string // contents by path
	User, Group int
	Environment []string
	Arguments   []string // of which the first is the program
}

// Mount shows a file or directory of the machine at a path of the container.
type Mount struct {
	Source, Target string
	ReadOnly       bool
}

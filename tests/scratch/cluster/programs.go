// Package cluster makes an empty Kubernetes cluster of one node: etcd, kube-apiserver, kube-controller-manager and
// kube-proxy, as they are, in a network namespace that is the node.
package cluster

import "path/filepath"

// Programs is the directory with the programs of a cluster.
type Programs string

func (p Programs) path(name string) string { return filepath.Join(string(p), name) }

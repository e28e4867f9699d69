package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const (
	// Who calls the API server: token, user, number, groups.
	tokens = `administrator,lab,lab,system:masters
kube-controller-manager,system:kube-controller-manager,manager
kube-proxy,system:kube-proxy,proxy
`
	authority  = "apiserver.crt" // the API server makes it itself
	etcdSocket = "etcd:1"

	// Those that a federation needs. Others look after nodes, disks and certificates of nodes, which the lab does not have.
	controllers = "deployment-controller,replicaset-controller,endpointslice-controller,endpoints-controller," +
		"serviceaccount-controller,root-ca-certificate-publisher-controller,namespace-controller,garbage-collector-controller," +
		"horizontal-pod-autoscaler-controller,disruption-controller"
)

// etcd wants even a socket file to be named like a host and a port. It is made where etcd runs, in the directory.
func etcdArguments() []string {
	const clients, peers = "unix://" + etcdSocket, "unix://peers:1"
	return []string{"--data-dir", "etcd", "--unsafe-no-fsync",
		"--listen-client-urls", clients, "--advertise-client-urls", clients,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default=" + peers}
}

func (c *Cluster) serverArguments() []string {
	key := c.file("accounts.key")
	return []string{"--etcd-servers", "unix://" + c.file(etcdSocket), "--advertise-address", c.Address, "--secure-port", port,
		"--cert-dir", c.Directory, "--token-auth-file", c.file("tokens"), "--authorization-mode", "RBAC",
		"--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--service-account-issuer", "https://kubernetes.default.svc." + domain,
		"--service-cluster-ip-range", services, "--allow-privileged"}
}

func (c *Cluster) managerArguments() []string {
	return []string{"--kubeconfig", c.file("kube-controller-manager.yaml"), "--leader-elect=false", "--use-service-account-credentials", "--controllers", controllers,
		"--service-account-private-key-file", c.file("accounts.key"), "--root-ca-file", c.file(authority), "--cert-dir", c.Directory}
}

// Limits of the kernel's table of connections are for the whole machine, and stay as they are.
func (c *Cluster) proxyArguments() []string {
	return []string{"--kubeconfig", c.file("kube-proxy.yaml"), "--hostname-override", c.Name, "--proxy-mode", "iptables",
		"--cluster-cidr", podRange, "--conntrack-max-per-core", "0", "--conntrack-tcp-timeout-established", "0s",
		"--conntrack-tcp-timeout-close-wait", "0s", "--iptables-min-sync-period", "100ms"}
}

func (c *Cluster) writeAccess(user string) error {
	config := api.NewConfig()
	config.Clusters["lab"] = &api.Cluster{Server: c.config.Host, CertificateAuthority: c.config.CAFile}
	config.AuthInfos["lab"] = &api.AuthInfo{Token: user}
	config.Contexts["lab"] = &api.Context{Cluster: "lab", AuthInfo: "lab"}
	config.CurrentContext = "lab"
	return clientcmd.WriteToFile(*config, c.file(user+".yaml"))
}

func writeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), 0o600)
}

package limits

import (
	"cmp"
	"fmt"
	"strings"
)

// federation is a federation.toml in which one export of west's is seen in east. What is empty is as usual.
type federation struct {
	istio    string // 1.31
	defaults string // more lines of [defaults]
	east     string // more lines of [cluster.east-1]
	west     string // the addresses of [cluster.west-1], and what else it says
	export   string // more lines of [export.shop]
	pods     string // what selects them
	ports    string
	accounts string
	more     string // more tables
}

// Clusters are those where something stands at a limit.
var Clusters = []string{"east-1", "west-1"}

func (f federation) String() string {
	return fmt.Sprintf(`version = 1
[federation]
name = "limits"
[defaults]
istio = %q
dns_capture = true
mtls = "strict"
%s
[mesh.east]
[mesh.west]
[network.east-net]
[network.west-net]
[cluster.east-1]
mesh = "east"
network = "east-net"
%s
[cluster.west-1]
mesh = "west"
network = "west-net"
%s
[export.shop]
namespace = "shop"
%s
ports = [%s]
from = ["west"]
to = ["east"]
service_accounts = [%s]
%s
%s
`, cmp.Or(f.istio, "1.31"), f.defaults, f.east, cmp.Or(f.west, `gateway.addresses = ["192.0.2.1"]`),
		cmp.Or(f.pods, `canonical_name = "shop"`), cmp.Or(f.ports, `{ name = "http", number = 80 }`),
		cmp.Or(f.accounts, `"shop"`), f.export, f.more)
}

// The lines of each of the numbers from 1 to count; `#` stands for the number.
func each(count int, lines string) string {
	var all strings.Builder
	for i := range count {
		all.WriteString(strings.ReplaceAll(lines, "#", fmt.Sprint(i+1)))
	}
	return all.String()
}

// quoted are the strings of a list.
func quoted(items []string) string { return `"` + strings.Join(items, `", "`) + `"` }

// addresses are count ones that no others share, of block's.
func addresses(block, count int) string {
	var all []string
	for i := range count {
		number := block*16 + i
		all = append(all, fmt.Sprintf("198.18.%d.%d", number/250, number%250+1))
	}
	return quoted(all)
}

// exports are count more of west's.
func exports(count int) string {
	return each(count, `[export.e#]
namespace = "more"
canonical_name = "e#"
ports = [{ name = "http", number = 80 }]
from = ["west"]
to = ["east"]
service_accounts = ["e"]
`)
}

// networks are count more meshes with a network and an export each, which east sees.
func networks(count int) string {
	var all strings.Builder
	for i := range count {
		fmt.Fprintf(&all, `[mesh.m%[1]d]
[network.n%[1]d]
egress_port = %[2]d
[cluster.c%[1]d]
mesh = "m%[1]d"
network = "n%[1]d"
gateway.addresses = [%[3]s]
[export.x%[1]d]
namespace = "more"
canonical_name = "x%[1]d"
ports = [{ name = "http", number = 80 }]
from = ["m%[1]d"]
to = ["east"]
service_accounts = ["x"]
`, i+1, 20000+i, addresses(i, 1))
	}
	return all.String()
}

// sources are count more networks of west's, with a cluster each.
func sources(count int) string {
	var all strings.Builder
	for i := range count {
		fmt.Fprintf(&all, "[network.n%[1]d]\n[cluster.c%[1]d]\nmesh = \"west\"\nnetwork = \"n%[1]d\"\ngateway.addresses = [\"198.%[2]d.%[3]d.%[4]d\"]\n",
			i+1, 18+i/62500, i/250%250, i%250+1)
	}
	return all.String()
}

// gateways are more clusters of west's network, with so many addresses each.
func gateways(counts ...int) string {
	var all strings.Builder
	for i, count := range counts {
		fmt.Fprintf(&all, "[cluster.c%[1]d]\nmesh = \"west\"\nnetwork = \"west-net\"\ngateway.addresses = [%[2]s]\n",
			i+1, addresses(i+1, count))
	}
	return all.String()
}

// repeated is a list of count times the same number.
func repeated(count, number int) []int {
	all := make([]int, count)
	for i := range all {
		all[i] = number
	}
	return all
}

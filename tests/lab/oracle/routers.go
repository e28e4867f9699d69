package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// RouterName is what a router knows a port of a host by: its router's server names have no underscores.
func RouterName(port int, host string) string {
	first, rest, _ := strings.Cut(host, ".")
	return fmt.Sprintf("%s-%d.%s", first, port, rest)
}

// Routed says whether a source of the export is behind a router, pending or not. Then everybody asks for it by the names
// that routers know, at every source: a client says one name for a host, whichever endpoint it takes.
func (f *Federation) Routed(export *Export) bool {
	sources := f.Sources(export)
	return slices.ContainsFunc(f.Clusters, func(c *Cluster) bool {
		return c.Gateway != nil && c.Gateway.Router != nil && slices.Contains(sources, c.Network)
	})
}

// Asked is the server name by which clients ask for a port of the export.
func (f *Federation) Asked(export *Export, port Port) string {
	if f.Routed(export) {
		return RouterName(port.Number, export.Host)
	}
	return Sni(port.Number, export.Host)
}

// Named says whether a cluster's gateway, and its router, must lead to a port of a host by the name that routers know.
func (f *Federation) Named(cluster *Cluster, host string, port int) bool {
	return slices.ContainsFunc(f.Exports, func(e *Export) bool {
		return e.Host == host && f.Serves(cluster, e) && f.Routed(e) && e.HasPort(port)
	})
}

package control

import (
	"bytes"
	"crypto/x509"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/trustbundle"
	"istio.io/istio/pilot/pkg/xds"
)

// Sends says whether the istiod sends roots to its proxies: if it is told so, and they are.
func (p *Plane) Sends() bool {
	return p.multiRoot && p.Env().Mesh().DefaultConfig.ProxyMetadata["PROXY_CONFIG_XDS_AGENT"] == "true"
}

// Anchors are the roots that the agent of a proxy gives it: those that came with its certificate, and those that istiod sends,
// as istiod's own generator makes them of its authority's and of the mesh config. An agent asks for them only if the proxy's
// metadata say so.
func (p *Plane) Anchors(own []byte) ([]byte, error) {
	installed := p.Env().Mesh()
	if installed.DefaultConfig.ProxyMetadata["PROXY_CONFIG_XDS_AGENT"] != "true" {
		return own, nil
	}
	defer func(before bool) { features.MultiRootMesh = before }(features.MultiRootMesh)
	features.MultiRootMesh = p.multiRoot
	bundle := trustbundle.NewTrustBundle(x509.NewCertPool(), p.Env().Watcher)
	if err := bundle.AddMeshConfigUpdate(installed); err != nil {
		return nil, err
	}
	authority := &trustbundle.TrustAnchorUpdate{Source: trustbundle.SourceIstioCA,
		TrustAnchorConfig: trustbundle.TrustAnchorConfig{Certs: []string{string(own)}}}
	if err := bundle.UpdateTrustAnchor(authority); err != nil {
		return nil, err
	}
	sent, _, err := (&xds.PcdsGenerator{TrustBundle: bundle}).Generate(nil, nil, nil)
	if err != nil {
		return nil, err
	}
	anchors := bytes.Clone(own)
	for _, resource := range sent {
		config := &meshconfig.ProxyConfig{}
		if err := resource.Resource.UnmarshalTo(config); err != nil {
			return nil, err
		}
		for _, root := range config.CaCertificatesPem {
			if root != string(own) {
				anchors = append(anchors, root...)
			}
		}
	}
	return anchors, nil
}

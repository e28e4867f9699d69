package control

import (
	"slices"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/features"

	"meshfedc/lab/world"
)

// Exception is a setting in which the lab's istiods are not as they are installed.
type Exception struct {
	Setting string
	Reason  string
	Envoy   bool // Envoy, as it is published, refuses what istiod sends otherwise
	change  func(*meshconfig.MeshConfig, Options)
}

// Exceptions are all of them.
var Exceptions = []Exception{
	{Setting: "meshConfig.defaultProviders.metrics", Envoy: true, Reason: "metrics are made by a filter of Istio's own Envoy",
		change: func(config *meshconfig.MeshConfig, _ Options) { config.DefaultProviders.Metrics = nil }},
	{Setting: "environment PILOT_ENABLE_METADATA_EXCHANGE", Envoy: true, Reason: "it is a filter of Istio's own Envoy"},
	{Setting: "environment PILOT_ENABLE_ALPN_FILTER", Envoy: true, Reason: "it is a filter of Istio's own Envoy"},

	{Setting: "meshConfig.serviceSettings", Reason: "where clusters read each other behind gateways that pass only exports, MF0543 says that " +
		"whoever runs the mesh has to make other Services local to each cluster", change: makeLocal},

	{Setting: "environment REVISION", Reason: "of what is compiled, the lab's istiod gets all, whatever its revision"},
	{Setting: "environment ENABLE_CA_SERVER", Reason: "certificates come from the lab's own authorities, so there is nothing to turn off"},
	{Setting: "environment CA_TRUSTED_NODE_ACCOUNTS", Reason: "as ENABLE_CA_SERVER"},

	{Setting: "environment POD_NAME", Reason: "the lab's istiods run in its own process, not in a pod"},
	{Setting: "environment POD_NAMESPACE", Reason: "as POD_NAME"},
	{Setting: "environment SERVICE_ACCOUNT", Reason: "as POD_NAME"},
	{Setting: "environment KUBECONFIG", Reason: "as POD_NAME"},
	{Setting: "environment GOMAXPROCS", Reason: "as POD_NAME"},
	{Setting: "argument --monitoringAddr", Reason: "as POD_NAME"},
	{Setting: "argument --log_output_level", Reason: "as POD_NAME"},
	{Setting: "argument --keepaliveMaxServerConnectionAge", Reason: "as POD_NAME"},
}

// Exceptional says whether a setting is listed.
func Exceptional(setting string) bool {
	return slices.ContainsFunc(Exceptions, func(one Exception) bool { return one.Setting == setting })
}

func makeLocal(config *meshconfig.MeshConfig, options Options) {
	if len(options.ClusterLocal) > 0 {
		config.ServiceSettings = append(config.ServiceSettings, &meshconfig.MeshConfig_ServiceSettings{
			Settings: &meshconfig.MeshConfig_ServiceSettings_Settings{ClusterLocal: true}, Hosts: options.ClusterLocal})
	}
}

// meshConfig is what is installed, but for the exceptions.
func meshConfig(site *world.Site, options Options) *meshconfig.MeshConfig {
	config := site.Istiod.Clone().Config
	for _, one := range Exceptions {
		if one.change != nil && !slices.Contains(options.Without, one.Setting) {
			one.change(config, options)
		}
	}
	return config
}

// setFeatures sets what istiod takes from its environment when its process starts: the lab's istiods share one process, and
// each reads these while it starts.
func setFeatures(site *world.Site, options Options) {
	keep := func(setting string) bool { return slices.Contains(options.Without, "environment "+setting) }
	features.MetadataExchange = keep("PILOT_ENABLE_METADATA_EXCHANGE")
	features.ALPNFilter = keep("PILOT_ENABLE_ALPN_FILTER")
	features.EnableAlphaGatewayAPI = site.Istiod.Environment["PILOT_ENABLE_ALPHA_GATEWAY_API"] == "true"
}

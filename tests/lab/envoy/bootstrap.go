package envoy

import (
	"net"
	"strconv"
)

type table = map[string]any

// bootstrap is what istio-agent writes, cut down to what configuration needs: where istiod and the secrets are.
func bootstrap(options Options, adminSocket string) table {
	ads := table{"ads": table{}, "resource_api_version": "V3", "initial_fetch_timeout": "0s"}
	soon := table{"retry_back_off": table{"base_interval": "0.05s", "max_interval": "0.2s"}} // istiods come again at once
	return table{
		"node":         options.Node,
		"admin":        table{"address": table{"pipe": table{"path": adminSocket}}},
		"stats_config": table{"use_all_default_tags": false},
		"dynamic_resources": table{
			"ads_config": table{"api_type": "GRPC", "transport_api_version": "V3", "set_node_on_first_message_only": true,
				"grpc_services": []any{table{"envoy_grpc": table{"cluster_name": "xds-grpc", "retry_policy": soon}}}},
			"cds_config": ads,
			"lds_config": ads,
		},
		// Istio's configuration names the second of these.
		"static_resources": table{"clusters": []any{grpcCluster("xds-grpc", options.Istiod), grpcCluster("sds-grpc", options.Secrets)}},
	}
}

func socketAddress(host string, port int) table {
	return table{"socket_address": table{"address": host, "port_value": port}}
}

func grpcCluster(name, address string) table {
	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)
	const options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
	endpoint := table{"endpoint": table{"address": socketAddress(host, number)}}
	return table{"name": name, "type": "STATIC", "connect_timeout": "5s",
		"typed_extension_protocol_options": table{options: table{
			"@type":                "type.googleapis.com/" + options,
			"explicit_http_config": table{"http2_protocol_options": table{}}}},
		"load_assignment": table{"cluster_name": name, "endpoints": []any{table{"lb_endpoints": []any{endpoint}}}}}
}

package world

import (
	"fmt"
	"slices"
)

// Router is OpenShift's: it reads the Routes of its cluster, and passes TLS on by its server name.
type Router struct {
	Key    string
	IP     string // in the cluster's network
	Routes []Route
}

// Route is what a Route comes to: a server name, and where connections for it go; nowhere without pods.
type Route struct {
	Host string
	Pods []string // IP and port
}

// Routes are those of the cluster's router; none if it has no router.
func (s *Site) Routes() []Route {
	if s.Router == nil {
		return nil
	}
	return s.Router.Routes
}

// addRouter takes the Routes out of what the API server shows to istiod, which knows none, and gives them to the router, if
// the cluster has one.
func (s *Site) addRouter() {
	var others []Object
	var routes []Route
	for _, object := range s.Objects {
		if object.Kind() == "Route" && object.API() == "route.openshift.io/v1" {
			routes = append(routes, s.route(object))
		} else {
			others = append(others, object)
		}
	}
	s.Objects, s.Compiled = others, s.Compiled-len(routes)
	if s.Cluster.Gateway == nil || s.Cluster.Gateway.Router == nil {
		return
	}
	inside := fmt.Sprintf("100.%d.254.%d", 64+s.numbers.network(s.Cluster.Network), s.Index)
	s.Router = &Router{Key: "router of " + s.Cluster.Name, IP: inside, Routes: routes}
}

// route follows a Route to the endpoints of its Service, as the router does. What it does not pass through, or what has
// another form than the router's own, leads nowhere.
func (s *Site) route(object Object) Route {
	route := Route{Host: str(object.at("spec", "host"))}
	if str(object.at("spec", "tls", "termination")) != "passthrough" || !slices.Contains([]string{"Service", ""}, str(object.at("spec", "to", "kind"))) {
		return route
	}
	for _, slice := range s.Objects {
		service := str(slice.at("metadata", "labels", "kubernetes.io/service-name"))
		if slice.Kind() != "EndpointSlice" || slice.Namespace() != object.Namespace() || service != str(object.at("spec", "to", "name")) {
			continue
		}
		for _, port := range list(slice["ports"]) {
			target := object.at("spec", "port", "targetPort")
			if fmt.Sprint(port["port"]) != fmt.Sprint(target) && port["name"] != target {
				continue
			}
			for _, endpoint := range list(slice["endpoints"]) {
				for _, address := range endpoint["addresses"].([]any) {
					route.Pods = append(route.Pods, fmt.Sprintf("%s:%v", address, port["port"]))
				}
			}
		}
	}
	return route
}

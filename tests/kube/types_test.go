package kube

import (
	"encoding/json"
	"path/filepath"
	"testing"

	route "github.com/openshift/api/route/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"
	networkingv1alpha3 "istio.io/api/networking/v1alpha3"
	security "istio.io/api/security/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
	gatewayv1alpha2 "sigs.k8s.io/gateway-api/apis/v1alpha2"
	"sigs.k8s.io/yaml"
)

// Istio's types are protocol buffers: what stands under `spec` is one message.
var istio = map[string]func() proto.Message{
	"networking.istio.io/v1 Gateway":           func() proto.Message { return &networking.Gateway{} },
	"networking.istio.io/v1 ServiceEntry":      func() proto.Message { return &networking.ServiceEntry{} },
	"networking.istio.io/v1 WorkloadEntry":     func() proto.Message { return &networking.WorkloadEntry{} },
	"networking.istio.io/v1 DestinationRule":   func() proto.Message { return &networking.DestinationRule{} },
	"networking.istio.io/v1 VirtualService":    func() proto.Message { return &networking.VirtualService{} },
	"networking.istio.io/v1alpha3 EnvoyFilter": func() proto.Message { return &networkingv1alpha3.EnvoyFilter{} },
	"security.istio.io/v1 PeerAuthentication":  func() proto.Message { return &security.PeerAuthentication{} },
	"security.istio.io/v1 AuthorizationPolicy": func() proto.Message { return &security.AuthorizationPolicy{} },
}

// The others are Go structs of whole objects.
var kubernetes = map[string]func() any{
	"v1 Namespace":                                func() any { return &core.Namespace{} },
	"v1 ConfigMap":                                func() any { return &core.ConfigMap{} },
	"v1 Service":                                  func() any { return &core.Service{} },
	"discovery.k8s.io/v1 EndpointSlice":           func() any { return &discovery.EndpointSlice{} },
	"gateway.networking.k8s.io/v1 Gateway":        func() any { return &gateway.Gateway{} },
	"gateway.networking.k8s.io/v1 TLSRoute":       func() any { return &gateway.TLSRoute{} },
	"route.openshift.io/v1 Route":                 func() any { return &route.Route{} },
	"gateway.networking.k8s.io/v1alpha2 TLSRoute": func() any { return &gatewayv1alpha2.TLSRoute{} },
}

// Every object fits the upstream type of its kind: no field that the type lacks, no value of another type.
func TestEveryObjectFitsItsType(t *testing.T) {
	for _, source := range sources(t) {
		t.Run(source.name, func(t *testing.T) {
			out := t.TempDir()
			run(t, "build", "-f", source.path, "-o", out)
			for _, cluster := range directories(t, out) {
				objects, err := Tree(filepath.Join(out, cluster))
				if err != nil {
					t.Fatal(err)
				}
				for id, object := range objects {
					if err := fits(object); err != nil {
						t.Errorf("%s: %s: %v", cluster, id, err)
					}
				}
			}
		})
	}
}

type unknownKind struct{ kind string }

func (u unknownKind) Error() string { return u.kind + " is no kind that meshfedc is known to write" }

func fits(object Object) error {
	kind := object["apiVersion"].(string) + " " + object["kind"].(string)
	if message, known := istio[kind]; known {
		spec, err := json.Marshal(object["spec"])
		if err != nil {
			return err
		}
		return protojson.Unmarshal(spec, message())
	}
	if structure, known := kubernetes[kind]; known {
		whole, err := yaml.Marshal(object)
		if err != nil {
			return err
		}
		return yaml.UnmarshalStrict(whole, structure())
	}
	return unknownKind{kind}
}

// The check itself notices what it is there for.
func TestAFieldThatDoesNotExistIsNoticed(t *testing.T) {
	for _, wrong := range []string{
		"{apiVersion: networking.istio.io/v1, kind: ServiceEntry, spec: {host: [a.example.com]}}",
		"{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, spec: {weight: heavy}}",
		"{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {gatewayClass: istio}}",
		"{apiVersion: v1, kind: Service, spec: {ports: [{port: http}]}}",
		"{apiVersion: networking.istio.io/v1alpha3, kind: EnvoyFilter, spec: {configPatches: [{applyTo: CHAIN}]}}",
		"{apiVersion: route.openshift.io/v1, kind: Route, spec: {service: a}}",
		"{apiVersion: v1, kind: Secret}",
	} {
		var object Object
		if err := yaml.UnmarshalStrict([]byte(wrong), &object); err != nil {
			t.Fatal(err)
		}
		if fits(object) == nil {
			t.Errorf("accepted: %s", wrong)
		}
	}
}

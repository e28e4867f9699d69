#include "interpret/read.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;

namespace {

std::string gaps(const std::vector<std::string>& all) { return base::join(all, " "); }

}  // namespace

TEST_CASE("a ServiceEntry is read") {
  const auto read = objects(R"(
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay, namespace: shop}
spec:
  hosts: [pay.mesh.global]
  exportTo: [shop]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{name: http, number: 80, protocol: HTTP, targetPort: 8080}, {name: udp, number: 53, protocol: UDP}]
  subjectAltNames: ["spiffe://a/ns/shop/sa/pay"]
  endpoints: [{network: west, weight: 3, locality: eu/a, labels: {security.istio.io/tlsMode: istio}}]
)");
  REQUIRE(read->services.size() == 1);
  const interpret::Service& entry = read->services.front();
  CHECK(interpret::id_of(entry) == "ServiceEntry.networking.istio.io/shop/pay");
  CHECK((entry.entry && !entry.external && entry.resolution == interpret::Resolution::fixed));
  CHECK(entry.ports[0].target == 8080);
  CHECK(entry.ports[1].protocol == interpret::Protocol::udp);
  REQUIRE(entry.endpoints.size() == 1);
  CHECK((entry.endpoints[0].network == "west" && entry.endpoints[0].weight == 3));
  CHECK(gaps(entry.gaps) == "");
}

TEST_CASE("a Service's host lacks the cluster's domain, and its annotation says who sees it") {
  const auto read = objects(R"(
apiVersion: v1
kind: Service
metadata: {name: pay, namespace: shop, annotations: {networking.istio.io/exportTo: "a, b"}}
spec: {selector: {app: pay}, ports: [{name: grpc-api, port: 80, targetPort: web}]}
)");
  const interpret::Service& service = read->services.front();
  CHECK(service.hosts == std::vector<std::string>{"pay.shop.svc"});
  CHECK(service.export_to == std::vector<std::string>{"a", "b"});
  CHECK((service.ports[0].target == 0 && service.ports[0].target_name == "web"));
  CHECK(service.ports[0].protocol == interpret::Protocol::http);
}

TEST_CASE("the labels of a WorkloadEntry's metadata go before those of its spec") {
  const auto read = objects(R"(
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: west, namespace: shop, labels: {app: pay}}
spec: {network: west, labels: {app: other, security.istio.io/tlsMode: istio}}
)");
  const interpret::Labels& labels = read->entries.front().endpoint.labels;
  CHECK(interpret::label(labels, "app") == "pay");
  CHECK(interpret::label(labels, "security.istio.io/tlsMode") == "istio");
}

TEST_CASE("what is not understood is a gap of its object") {
  const struct {
    const char* manifest;
    const char* gaps;
  } kCases[] = {
      {"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\n"
       "spec: {host: a, trafficPolicy: {tunnel: {}, loadBalancer: {zoneAwareLbSetting: {}}}}",
       "spec.trafficPolicy.loadBalancer.zoneAwareLbSetting spec.trafficPolicy.tunnel"},
      {"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\n"
       "spec: {host: a, workloadSelector: {matchLabels: {a: b}}}",
       "spec.workloadSelector"},
      {"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a}\nspec: {hosts: a, future: 1}",
       "spec.hosts spec.resolution spec.future"},
      {"apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {istio.io/use-waypoint: w}}\nspec: {}",
       "metadata.labels.istio.io/use-waypoint"},
      {"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: ExternalName, externalName: b}",
       "spec.type spec.externalName"},
  };
  for (const auto& [manifest, expected] : kCases) {
    const auto read = objects(manifest);
    const std::vector<std::string>& found =
        read->rules.empty() ? read->services.front().gaps : read->rules.front().gaps;
    CHECK(gaps(found) == expected);
  }
}

TEST_CASE("a rule that looks at requests is a gap of its policy") {
  const auto read = objects(R"(
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec: {action: DENY, rules: [{from: [{source: {notPrincipals: [a/*]}}], to: [{operation: {ports: ["80"], paths: [/x]}}]}]}
)");
  CHECK(gaps(read->policies.front().gaps) == "spec.rules.to.operation.paths");
  CHECK(read->policies.front().rules.front().to.front().ports == std::vector<std::int64_t>{80});
}

TEST_CASE("kinds that are not understood are named if they may matter, and else counted") {
  const auto read = objects(R"(
apiVersion: networking.istio.io/v1alpha3
kind: Sidecar
metadata: {name: a, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
)");
  CHECK(read->unknown == std::vector<std::string>{"Sidecar.networking.istio.io/shop/a"});
  CHECK(read->of_no_account == 2);
}

#include "unit/k8s/expect_yaml.hpp"

namespace meshfed::k8s {
namespace {

TEST_CASE("PeerAuthentication") {
  PeerAuthentication authentication{.meta = {.name = "default", .ns = "istio-system"},
                                    .mode = PeerAuthentication::Mode::Strict};
  expect_yaml(authentication, R"(
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: istio-system
spec:
  mtls:
    mode: STRICT
)");
  authentication.mode = PeerAuthentication::Mode::Permissive;
  CHECK(yaml::to_string(spec(authentication)) == "mtls:\n  mode: PERMISSIVE\n");
}

TEST_CASE("AuthorizationPolicy") {
  expect_yaml(AuthorizationPolicy{.meta = {.name = "httpbin.mesh.global", .ns = "httpbin"},
                                  .selector = {{"service.istio.io/canonical-name", "httpbin"}},
                                  .rules = {{.not_principals = {"cluster.local/ns/a/sa/b", "cluster.local/ns/c/*"},
                                             .ports = {80, 8443}}}},
              R"(
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: httpbin.mesh.global
  namespace: httpbin
spec:
  selector:
    matchLabels:
      service.istio.io/canonical-name: httpbin
  action: DENY
  rules:
  - from:
    - source:
        notPrincipals:
        - cluster.local/ns/a/sa/b
        - "cluster.local/ns/c/*"
    to:
    - operation:
        ports:
        - "80"
        - "8443"
)");
}

}  // namespace
}  // namespace meshfed::k8s

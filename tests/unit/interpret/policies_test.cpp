#include "interpret/policies.hpp"

#include <doctest/doctest.h>

#include "support/manifests.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using interpret::Mtls;
using interpret::Permission;

namespace {

std::string authentication(const std::string& name, const std::string& ns, const std::string& spec) {
  return "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: " + name + ", namespace: " + ns +
         "}\nspec: {" + spec + "}\n---\n";
}

std::string policy(const std::string& name, const std::string& ns, const std::string& spec) {
  return "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: {" + spec + "}\n---\n";
}

std::string verdict(const Permission& permission) {
  constexpr const char* kWords[] = {"allowed", "denied", "not allowed", "unknown"};
  const std::string word = kWords[static_cast<int>(permission.verdict)];
  return permission.by ? word + " by " + permission.by->name : word;
}

const interpret::Labels kPay{{"app", "pay"}};

}  // namespace

TEST_CASE("the narrowest PeerAuthentication counts, and the oldest of its kind") {
  const std::string mesh = authentication("mesh", "istio-system", "mtls: {mode: STRICT}");
  const std::string space = authentication("space", "shop", "mtls: {mode: DISABLE}");
  const std::string own =
      authentication("own", "shop", "selector: {matchLabels: {app: pay}}, mtls: {mode: PERMISSIVE}");
  const struct {
    std::string what;
    std::string manifests;
    Mtls mode;
  } kCases[] = {
      {"none", "", Mtls::permissive},
      {"the mesh's", mesh, Mtls::strict},
      {"the namespace's", mesh + space, Mtls::disable},
      {"the workload's", mesh + space + own, Mtls::permissive},
      {"another workload's",
       mesh + authentication("x", "shop", "selector: {matchLabels: {app: x}}, mtls: {mode: DISABLE}"), Mtls::strict},
      {"unset inherits", mesh + authentication("space", "shop", "mtls: {mode: UNSET}"), Mtls::strict},
      {"a port's",
       mesh +
           authentication("own", "shop", "selector: {matchLabels: {app: pay}}, portLevelMtls: {8080: {mode: DISABLE}}"),
       Mtls::disable},
      {"another port's",
       mesh +
           authentication("own", "shop", "selector: {matchLabels: {app: pay}}, portLevelMtls: {81: {mode: DISABLE}}"),
       Mtls::strict},
      {"the first by name", space + authentication("a", "shop", "mtls: {mode: STRICT}"), Mtls::strict},
      {"with a selector in the root namespace",
       authentication("mesh", "istio-system", "selector: {matchLabels: {app: pay}}, mtls: {mode: STRICT}"),
       Mtls::permissive},
  };
  for (const auto& [what, manifests, mode] : kCases) {
    const Site site(cluster_facts("east", "east"), manifests);
    CHECK_MESSAGE(interpret::peer_mode(site.cluster, "shop", {{"app", "pay"}}, 8080).mode == mode, what);
  }
}

TEST_CASE("DENY goes before ALLOW, and without ALLOW everybody may") {
  const std::string deny_others = policy("deny", "shop",
                                         "selector: {matchLabels: {app: pay}}, action: DENY, rules: [{from: [{source: "
                                         "{notPrincipals: [\"a.example/ns/bank/sa/web\"]}}], to: [{operation: {ports: "
                                         "[\"8080\"]}}]}]");
  const std::string allow_bank = policy("allow", "shop", "rules: [{from: [{source: {namespaces: [bank]}}]}]");
  const struct {
    std::string what;
    std::string manifests;
    const char* principal;
    const char* ns;
    const char* verdict;
  } kCases[] = {
      {"no policy", "", "a.example/ns/x/sa/y", "x", "allowed"},
      {"listed", deny_others, "a.example/ns/bank/sa/web", "bank", "allowed"},
      {"another account", deny_others, "a.example/ns/bank/sa/db", "bank", "denied by deny"},
      {"no certificate", deny_others, "", "bank", "denied by deny"},
      {"a namespace is allowed", allow_bank, "a.example/ns/bank/sa/db", "bank", "allowed"},
      {"another is not", allow_bank, "a.example/ns/x/sa/db", "x", "not allowed by allow"},
      {"ALLOW policies add up", allow_bank + policy("b", "istio-system", "rules: [{}]"), "a.example/ns/x/sa/y", "x",
       "allowed"},
      {"one without rules allows nobody", policy("none", "shop", ""), "a.example/ns/x/sa/y", "x",
       "not allowed by none"},
      {"DENY first", deny_others + allow_bank, "a.example/ns/bank/sa/db", "bank", "denied by deny"},
      {"another port", policy("deny", "shop", "action: DENY, rules: [{to: [{operation: {ports: [\"81\"]}}]}]"),
       "a/ns/x/sa/y", "x", "allowed"},
      {"by path", policy("path", "shop", "action: DENY, rules: [{to: [{operation: {paths: [/x]}}]}]"), "a/ns/x/sa/y",
       "x", "unknown by path"},
      {"another workload's", policy("d", "shop", "selector: {matchLabels: {app: x}}, action: DENY, rules: [{}]"),
       "a/ns/x/sa/y", "x", "allowed"},
      {"the whole mesh's", policy("d", "istio-system", "action: DENY, rules: [{}]"), "a/ns/x/sa/y", "x", "denied by d"},
      {"a prefix", policy("d", "shop", "action: DENY, rules: [{from: [{source: {principals: [\"a/ns/x/*\"]}}]}]"),
       "a/ns/x/sa/y", "x", "denied by d"},
  };
  for (const auto& [what, manifests, principal, ns, expected] : kCases) {
    const Site site(cluster_facts("east", "east"), manifests);
    CHECK_MESSAGE(verdict(interpret::permission(site.cluster, "shop", kPay, 8080, {principal, ns})) == expected, what);
  }
}

TEST_CASE("cluster.local in a policy, and each alias, mean the own trust domain") {
  interpret::ClusterFacts facts = cluster_facts("east", "east");
  facts.trust_domain = "new.example";
  facts.domain_aliases = {"old.example"};
  const struct {
    const char* pattern;
    const char* principal;
    const char* verdict;
  } kCases[] = {
      {"cluster.local/ns/x/sa/y", "new.example/ns/x/sa/y", "allowed"},
      {"cluster.local/ns/x/sa/y", "old.example/ns/x/sa/y", "allowed"},
      {"old.example/ns/x/sa/y", "new.example/ns/x/sa/y", "allowed"},
      {"cluster.local/ns/x/sa/y", "other.example/ns/x/sa/y", "not allowed by a"},
      {"cluster.local/ns/x/sa/z", "new.example/ns/x/sa/y", "not allowed by a"},
  };
  for (const auto& [pattern, principal, expected] : kCases) {
    const Site site(
        facts, policy("a", "shop", std::string("rules: [{from: [{source: {principals: [\"") + pattern + "\"]}}]}]"));
    CHECK(verdict(interpret::permission(site.cluster, "shop", kPay, 80, {principal, "x"})) == expected);
  }
}

TEST_CASE("a server accepts its own trust domain, aliases, and those of its mesh's certificates") {
  interpret::ClusterFacts facts = cluster_facts("east", "east");
  facts.domain_aliases = {"alias.example"};
  facts.accepted_domains = {"west.example"};
  CHECK(interpret::accepts_domain(facts, "cluster.local"));
  CHECK(interpret::accepts_domain(facts, "alias.example"));
  CHECK(interpret::accepts_domain(facts, "west.example"));
  CHECK_FALSE(interpret::accepts_domain(facts, "other.example"));
}

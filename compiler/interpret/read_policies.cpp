// Who must, and who may: PeerAuthentication and AuthorizationPolicy.
#include <charconv>

#include "interpret/read_kinds.hpp"

namespace meshfed::interpret {
namespace {

Mtls mtls_of(std::string_view word) {
  if (word == "STRICT") return Mtls::strict;
  if (word == "PERMISSIVE") return Mtls::permissive;
  if (word == "DISABLE") return Mtls::disable;
  return Mtls::unset;
}

Match match_of(Fields& from) {
  Fields source = from.map("source");
  return {.principals = source.texts("principals"),
          .not_principals = source.texts("notPrincipals"),
          .namespaces = source.texts("namespaces"),
          .not_namespaces = source.texts("notNamespaces")};
}

PortMatch ports_of(Fields& to) {
  Fields operation = to.map("operation");
  return {.ports = operation.numbers("ports"), .not_ports = operation.numbers("notPorts")};
}

}  // namespace

void read_spec(Fields& spec, PeerAuthentication& authentication) {
  authentication.selector = spec.map("selector").labels("matchLabels");
  authentication.mode = mtls_of(spec.map("mtls").text("mode"));
  const yaml::View ports = spec.take("portLevelMtls");
  for (const yaml::Entry& entry : ports.entries()) {
    std::int64_t port = 0;
    std::from_chars(entry.key.data(), entry.key.data() + entry.key.size(), port);
    const std::string* mode = yaml::View(entry.value)["mode"].text();
    authentication.by_port[port] = mode ? mtls_of(*mode) : Mtls::unset;
  }
}

void read_spec(Fields& spec, AuthorizationPolicy& policy) {
  policy.selector = spec.map("selector").labels("matchLabels");
  const std::string action = spec.text("action");
  policy.action = action.empty() || action == "ALLOW" ? AuthorizationPolicy::Action::allow
                  : action == "DENY"                  ? AuthorizationPolicy::Action::deny
                                                      : AuthorizationPolicy::Action::other;
  if (policy.action == AuthorizationPolicy::Action::other && action != "AUDIT") spec.gap("action");
  spec.each("rules", [&](Fields& fields) {
    AuthorizationRule rule;
    fields.each("from", [&](Fields& from) { rule.from.push_back(match_of(from)); });
    fields.each("to", [&](Fields& to) { rule.to.push_back(ports_of(to)); });
    policy.rules.push_back(std::move(rule));
  });
}

}  // namespace meshfed::interpret

// What cases of risks are written with.
#pragma once

#include <string>
#include <vector>

namespace meshfed::testing {

inline constexpr const char* kNone = "";

inline std::string object(const std::string& version, const std::string& kind, const std::string& name,
                          const std::string& spec, const std::string& meta = "") {
  return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {namespace: ns, name: " + name + meta +
         "}, spec: {" + spec + "}}";
}

inline std::string istio(const std::string& kind, const std::string& name, const std::string& spec) {
  return object("networking.istio.io/v1", kind, name, spec);
}

struct Case {
  std::string what;
  std::string before;
  std::string after;
  const char* rules;  // "name:level", in order
  bool moves = false;
};

/// Routers and the names that they know.
std::vector<Case> router_cases();

}  // namespace meshfed::testing

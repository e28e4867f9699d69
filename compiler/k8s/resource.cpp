#include "k8s/resource.hpp"

#include <string_view>

#include "yaml/literal.hpp"

namespace meshfed::k8s {

using yaml::Map;

namespace {

template <class Kind>
constexpr bool kHasSpec = requires(const Kind& kind) {
  spec(kind);
};

template <class Kind>
constexpr bool kHasBody = requires(const Kind& kind) {
  body(kind);
};

template <class Kind>
std::string_view version(const Kind& kind) {
  if constexpr (requires { spelling(kind.version); }) {
    return spelling(kind.version);
  } else {
    return Kind::kVersion;
  }
}

template <class Kind>
std::string api_version(const Kind& kind) {
  std::string text(Kind::kGroup);
  if (!text.empty()) text += '/';
  return text.append(version(kind));
}

template <class Kind>
Map to_document(const Kind& kind) {
  static_assert(kHasSpec<Kind> != kHasBody<Kind>, "a kind has a spec() or, without a spec, a body()");
  Map document{
      {"apiVersion", api_version(kind)},
      {"kind", Kind::kKind},
      {"metadata", to_yaml(kind.meta)},
  };
  if constexpr (kHasSpec<Kind>) {
    document.add("spec", spec(kind));
  } else {
    document.append(body(kind));
  }
  return document;
}

Map to_document(const HelmValues& values) { return values.content; }

template <class Kind>
std::string to_id(const Kind& kind) {
  std::string id(Kind::kKind);
  if (!Kind::kGroup.empty()) id.append(".").append(Kind::kGroup);
  if (!kind.meta.ns.empty()) id.append("/").append(kind.meta.ns);
  return id.append("/").append(kind.meta.name);
}

}  // namespace

Map document(const Resource& resource) {
  return std::visit([](const auto& kind) { return to_document(kind); }, resource);
}

std::string type_of(const Resource& resource) {
  return std::visit([](const auto& kind) { return api_version(kind).append("/").append(kind.kKind); }, resource);
}

std::string object_id(const Resource& resource) {
  return std::visit([](const auto& kind) { return to_id(kind); }, resource);
}

const Meta& meta_of(const Resource& resource) {
  return std::visit([](const auto& kind) -> const Meta& { return kind.meta; }, resource);
}

}  // namespace meshfed::k8s

#include "diff/lookup.hpp"

#include <algorithm>
#include <variant>

namespace meshfed::diff {

const yaml::Value* find(const yaml::Map& map, std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string_view key = path.substr(0, dot);
  const auto* entry = std::find_if(map.begin(), map.end(), [&](const yaml::Entry& e) { return e.key == key; });
  if (entry == map.end()) return nullptr;
  if (dot == std::string_view::npos) return &entry->value;
  const auto* below = std::get_if<yaml::Map>(&entry->value.data());
  return below ? find(*below, path.substr(dot + 1)) : nullptr;
}

std::string_view text_at(const yaml::Map& map, std::string_view path) {
  const yaml::Value* value = find(map, path);
  const auto* text = value ? std::get_if<std::string>(&value->data()) : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::string> id_of(const yaml::Map& document) {
  const std::string_view version = text_at(document, "apiVersion");
  const std::string_view kind = text_at(document, "kind");
  const std::string_view name = text_at(document, "metadata.name");
  const std::string_view ns = text_at(document, "metadata.namespace");
  if (version.empty() || kind.empty() || name.empty()) return std::nullopt;
  std::string id(kind);
  if (const std::size_t slash = version.find('/'); slash != std::string_view::npos)
    id.append(".").append(version.substr(0, slash));
  if (!ns.empty()) id.append("/").append(ns);
  return id.append("/").append(name);
}

Identity identity_of(std::string_view id) {
  const std::size_t first = id.find('/');
  const std::size_t last = id.rfind('/');
  if (first == std::string_view::npos) return {id, {}, {}};
  const std::string_view ns = first == last ? std::string_view() : id.substr(first + 1, last - first - 1);
  return {id.substr(0, first), ns, id.substr(last + 1)};
}

std::string_view host_of(std::string_view id) {
  const Identity object = identity_of(id);
  const std::size_t dot = object.name.find('.');
  if (dot == std::string_view::npos) return {};
  if (object.kind == "WorkloadEntry.networking.istio.io") return object.name.substr(dot + 1);
  const bool named_after_it = object.kind == "ServiceEntry.networking.istio.io" ||
                              object.kind == "DestinationRule.networking.istio.io" ||
                              object.kind == "AuthorizationPolicy.security.istio.io";
  return named_after_it ? object.name : std::string_view();
}

}  // namespace meshfed::diff

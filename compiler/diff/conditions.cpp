#include "diff/conditions.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "diff/field_path.hpp"
#include "diff/lookup.hpp"

namespace meshfed::diff {
namespace {

using Texts = std::set<std::string>;

// What stood there, and what is going to.
Texts before(const Change& change, std::string_view field) {
  if (change.action == Action::add) return {};
  return texts_at(change.action == Action::remove ? change.document : change.before, field);
}

Texts after(const Change& change, std::string_view field) {
  return change.action == Action::remove ? Texts() : texts_at(change.document, field);
}

bool has_more(const Texts& one, const Texts& other) {
  return !std::includes(other.begin(), other.end(), one.begin(), one.end());
}

// Who sees it; empty: all namespaces.
Texts namespaces(const Texts& said) {
  Texts names;
  for (const std::string& text : said) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      const std::string name = text.substr(begin, end - begin);
      if (name == "*") return {};
      const std::size_t first = name.find_first_not_of(' ');
      if (first != std::string::npos) names.insert(name.substr(first, name.find_last_not_of(' ') - first + 1));
      begin = end + 1;
    }
  }
  return names;
}

// The type of the Service that is deployed for a Gateway.
std::string service_type(const Texts& annotated) {
  return annotated.empty() ? std::string("LoadBalancer") : *annotated.begin();
}

struct Move {
  std::string from, to;
};

Move service_type_move(const Change& change, std::string_view field) {
  return {service_type(before(change, field)), service_type(after(change, field))};
}

bool ends_with(const Change& change, std::string_view field, std::string_view value) {
  return texts_at(change.document, field).contains(std::string(value));
}

}  // namespace

bool always(const Change&, std::string_view) { return true; }

bool differs(const Change& change, std::string_view field) {
  return std::any_of(change.fields.begin(), change.fields.end(),
                     [&](const FieldChange& one) { return concerns(one, field); });
}

bool appears(const Change& change, std::string_view field) {
  return before(change, field).empty() && !after(change, field).empty();
}

bool vanishes(const Change& change, std::string_view field) {
  return !before(change, field).empty() && after(change, field).empty();
}

bool takes(const Change& change, std::string_view field) {
  return has_more(before(change, field), after(change, field));
}

bool gives(const Change& change, std::string_view field) {
  return has_more(after(change, field), before(change, field));
}

bool loses(const Change& change, std::string_view field) { return takes(change, field) && !vanishes(change, field); }

bool gains(const Change& change, std::string_view field) { return gives(change, field) && !appears(change, field); }

bool is_edited(const Change& change, std::string_view field) {
  return differs(change, field) && !appears(change, field) && !vanishes(change, field);
}

bool is_there(const Change& change, std::string_view field) { return !texts_at(change.document, field).empty(); }
bool is_strict(const Change& change, std::string_view field) { return ends_with(change, field, "STRICT"); }
bool is_permissive(const Change& change, std::string_view field) { return ends_with(change, field, "PERMISSIVE"); }

bool hides(const Change& change, std::string_view field) {
  const Texts then = namespaces(before(change, field)), now = namespaces(after(change, field));
  return !now.empty() && (then.empty() || has_more(then, now));
}

bool shows_to_all(const Change& change, std::string_view field) {
  return !namespaces(before(change, field)).empty() && namespaces(after(change, field)).empty();
}

bool shows_to_more(const Change& change, std::string_view field) {
  const Texts then = namespaces(before(change, field)), now = namespaces(after(change, field));
  return !then.empty() && !now.empty() && has_more(now, then);
}

bool moves(const Change& change, std::string_view) { return change.moves; }
bool is_host(const Change& change, std::string_view) { return !host_of(change.id).empty(); }
bool is_imported(const Change& change, std::string_view) { return find(change.document, "spec.selector") != nullptr; }
bool is_remote(const Change& change, std::string_view) {
  return text_at(change.document, "spec.gatewayClassName") == "istio-remote";
}
bool selects_pods(const Change& change, std::string_view) {
  return find(change.document, "spec.workloadSelector") != nullptr;
}
bool is_kept(const Change& change, std::string_view) {
  return find(change.document, "metadata.annotations") != nullptr;
}
bool injects(const Change& change, std::string_view) {
  return !texts_at(change.document, "metadata.labels[\"istio-injection\"]").empty() ||
         !texts_at(change.document, "metadata.labels[\"istio.io/rev\"]").empty();
}

bool copies_labels(const Change& change, std::string_view) {
  return !is_remote(change, {}) && !find(change.document, "spec.infrastructure.labels");
}
bool copies_annotations(const Change& change, std::string_view) {
  return !is_remote(change, {}) && !find(change.document, "spec.infrastructure.annotations");
}

bool has_outer_address(const Change& change, std::string_view field) {
  return !is_remote(change, {}) && service_type(texts_at(change.document, field)) != "ClusterIP";
}

bool gets_load_balancer(const Change& change, std::string_view field) {
  const auto [from, to] = service_type_move(change, field);
  return from != "LoadBalancer" && to == "LoadBalancer";
}

bool loses_load_balancer(const Change& change, std::string_view field) {
  const auto [from, to] = service_type_move(change, field);
  return from == "LoadBalancer" && to != "LoadBalancer";
}

bool loses_node_ports(const Change& change, std::string_view field) {
  const auto [from, to] = service_type_move(change, field);
  return from == "NodePort" && to == "ClusterIP";
}

bool gets_node_ports(const Change& change, std::string_view field) {
  const auto [from, to] = service_type_move(change, field);
  return from == "ClusterIP" && to == "NodePort";
}

}  // namespace meshfed::diff

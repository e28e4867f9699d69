#include "discover/discover.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "discover/ports.hpp"
#include "discover/workloads.hpp"

namespace meshfed::discover {
namespace {

using model::Discovery;
using model::Doubt;
using model::Export;
using model::Name;
using source::Span;
using yaml::Node;

/// What the name, the namespace and the ports of an export come to, and who serves it: for its digest.
std::string said_by(const Export& found) {
  std::string said = fmt::format("{}\n{}\n", *found.name, *found.namespace_);
  for (const auto& [key, value] : *found.selector) said += fmt::format("{}={}\n", *key, *value);
  for (const model::Port& port : *found.ports)
    said += fmt::format("{} {} {} {}\n", *port.name, *port.number, *port.target, static_cast<int>(*port.protocol));
  for (const Name& account : *found.service_accounts) said += *account + "\n";
  return said;
}

std::string qualified(const Export& found) { return fmt::format("{}/{}", *found.namespace_, *found.name); }

/// One table at work.
class Finder {
 public:
  Finder(const source::Manager& files, const Search& search, const IsSet& is_set, diag::Sink& sink)
      : files_(files),
        table_(*search.table),
        manifests_(search.manifests),
        complete_(search.complete),
        is_set_(is_set),
        sink_(sink),
        workloads_(manifests_, *table_.defaults.namespace_) {
    for (const Name& ns : *table_.namespaces) {
      if (ns.given()) namespaces_.insert(*ns);
    }
  }

  std::vector<Export> run() {
    for (const Objects* manifest : manifests_) {
      for (const Service& service : manifest->services) consider(service);
    }
    if (found_.empty()) report_nothing();
    return std::move(found_);
  }

 private:
  void consider(const Service& service) {
    ++services_;
    if (!matches(service)) return;
    ++matching_;
    Name name = name_of(service, "name");
    if (!name.given()) return;
    Name ns = name_of(service, "namespace");
    if (ns.state == model::State::absent) ns = table_.defaults.namespace_;
    if (table_.namespaces.given() && ns.given() && !namespaces_.contains(*ns)) {
      --matching_;
      ++elsewhere_;
      return;
    }
    if (ns.state == model::State::absent && !is_set_(*name, "namespace"))
      sink_.report(name.span, diag::ServiceWithoutNamespace, *name);
    if (!ns.given()) ns.state = model::State::bad;
    found_.push_back(exported(service, std::move(name), std::move(ns)));
  }

  /// MF0499: labels are strings. What is meant as the label counts, so that it is not passed over.
  bool matches(const Service& service) {
    const Node* labels = find_at(service.node, {"metadata", "labels"});
    const Node* other = nullptr;
    for (const auto& [key, value] : *table_.selector) {
      const Node* label = labels ? labels->find(*key) : nullptr;
      if (!label || label->text != *value) return false;
      if (!label->is(Node::Kind::string)) other = label;
    }
    if (!other) return true;
    const Node* name = find_at(service.node, {"metadata", "name"});
    wrong(service, *other, fmt::format("label {}", other->key), text_of(name), "is not a string: put it in quotes");
    return true;
  }

  void wrong(const Service& service, const Node& node, std::string_view field, std::string_view name,
             std::string_view what) {
    sink_.report(span_of(service.file, node), diag::BadManifestValue, field, name, what);
  }

  Name name_of(const Service& service, std::string_view key) {
    const Node* metadata = service.node.find("metadata");
    const Node* node = metadata ? metadata->find(key) : nullptr;
    Name name;
    if (node && node->is(Node::Kind::string)) return {node->text, span_of(service.file, *node)};
    if (node && !node->is(Node::Kind::null)) {
      wrong(service, *node, fmt::format("metadata.{}", key), node->text, "is not a string");
      name.state = model::State::bad;
    } else if (key == "name") {
      wrong(service, metadata ? *metadata : service.node, "metadata.name", "", "is missing");
    }
    return name;
  }

  Export exported(const Service& service, Name name, Name ns) {
    Export found = table_.defaults;
    found.discovered = {*table_.name, name.span, std::string(files_.path(service.file)), {}};
    found.name = std::move(name);
    found.namespace_ = std::move(ns);
    if (found.naming.state == model::State::absent) found.naming = {model::Naming::service, found.name.span};
    found.from = table_.at;
    if (is_alias(service, found)) return found;
    take_selector(service, found);
    const Pods pods = found.selector.given() ? workloads_.behind(*found.namespace_, found.selector) : Pods();
    take_accounts(pods, found);
    take_ports(service, pods, found);
    found.digest = base::sha256_hex(table_.digest + said_by(found));
    return found;
  }

  void take_selector(const Service& service, Export& found) {
    const Node* selector = find_at(service.node, {"spec", "selector"});
    if (!selector || !selector->is(Node::Kind::map) || selector->items.empty()) {
      found.discovered->doubts.push_back({Doubt::Kind::no_selector, found.name.span});
      if (!found.service_accounts.given() && is_service(found)) found.service_accounts.state = model::State::bad;
      return;
    }
    found.selector = {{}, span_of(service.file, *selector)};
    for (const Node& label : selector->items) {
      if (!label.is(Node::Kind::string) && !is_set_(*found.name, "selector")) {
        wrong(service, label, fmt::format("selector {}", label.key), *found.name, "is not a string: put it in quotes");
        if (!found.service_accounts.given()) found.service_accounts.state = model::State::bad;
      }
      found.selector.value.emplace_back(Name{label.key, {service.file, label.key_begin, label.key_end}},
                                        Name{label.text, span_of(service.file, label)});
    }
    std::ranges::sort(found.selector.value, {}, [](const auto& label) { return *label.first; });
  }

  bool is_service(const Export& found) const {
    return *found.naming == model::Naming::service && !is_set_(*found.name, "naming");
  }

  /// The manifests are more exact than a default. Naming `service` can name one account only: then none is checked.
  void take_accounts(const Pods& pods, Export& found) {
    if (is_set_(*found.name, "service_accounts") || is_set_(*found.name, "selector")) return;
    if (pods.accounts.empty()) return;
    if (!is_service(found) || pods.accounts.size() == 1) {
      found.service_accounts = {pods.accounts, pods.accounts.front().span};
      return;
    }
    if (found.service_accounts.given()) return;
    std::vector<std::string_view> names;
    for (const Name& account : pods.accounts) names.push_back(*account);
    found.discovered->doubts.push_back({Doubt::Kind::several_accounts, found.name.span, base::join(names, ", ", 5)});
    found.service_accounts = {};
    found.service_accounts.state = model::State::bad;
  }

  /// MF0495: nothing more is to be said of a name for another host.
  bool is_alias(const Service& service, Export& found) {
    const Node* type = find_at(service.node, {"spec", "type"});
    if (text_of(type) != "ExternalName") return false;
    sink_.report(span_of(service.file, *type), diag::ServiceCannotBeExported, *found.name,
                 "is of type ExternalName, so no workload serves it");
    found.ports.state = found.selector.state = found.service_accounts.state = model::State::bad;
    return true;
  }

  void take_ports(const Service& service, const Pods& pods, Export& found) {
    if (text_of(find_at(service.node, {"spec", "clusterIP"})) == "None")
      found.discovered->doubts.push_back(
          {Doubt::Kind::headless, span_of(service.file, *find_at(service.node, {"spec", "clusterIP"}))});
    if (is_set_(*found.name, "ports")) return;
    // The entries of a global host or alias and the policies of callers hold them; a Service's own pods know them.
    const bool read =
        !is_service(found) || found.callers.given() || is_set_(*found.name, "callers") || is_set_(*found.name, "alias");
    const Targets targets = read && complete_ ? Targets::needed : Targets::optional;
    Ports ports = read_ports(service, *found.name, pods, targets, sink_);
    if (ports.ports.empty() && ports.sound)
      sink_.report(found.name.span, diag::ServiceCannotBeExported, *found.name,
                   ports.left_out.empty() ? "has no ports" : "has no TCP port");
    else
      std::ranges::move(ports.left_out, std::back_inserter(found.discovered->doubts));
    if (ports.ports.empty())
      found.ports.state = model::State::bad;
    else
      found.ports = {std::move(ports.ports), found.name.span};
  }

  /// MF0492
  void report_nothing() {
    if (matching_ > 0 || !complete_) return;  // it is said what is wrong with them
    std::string what = "the manifests contain none";
    if (elsewhere_ > 0)
      what = fmt::format("{} with these labels {} in other namespaces", base::plural(elsewhere_, "Service"),
                         elsewhere_ == 1 ? "is" : "are");
    else if (services_ == 1)
      what = "the one in the manifests does not have these labels";
    else if (services_ > 0)
      what = fmt::format("none of {} in the manifests has these labels", base::plural(services_, "Service"));
    sink_.report(table_.selector.given() ? table_.selector.span : table_.name.span, diag::DiscoveryFindsNothing,
                 *table_.name, what);
  }

  const source::Manager& files_;
  const Discovery& table_;
  const std::vector<const Objects*>& manifests_;
  bool complete_;
  const IsSet& is_set_;
  diag::Sink& sink_;
  Workloads workloads_;
  std::set<std::string, std::less<>> namespaces_;
  std::size_t services_ = 0;
  std::size_t matching_ = 0;
  std::size_t elsewhere_ = 0;
  std::vector<Export> found_;
};

/// MF0493, MF0455, MF0456: each Service is one export, and each export one Service.
void report_twice(const Export& first, const Export& again, diag::Sink& sink) {
  const Span& here = again.discovered->service;
  const Span& there = first.discovered->service;
  diag::Report* report = nullptr;
  if (here == there)
    report =
        &sink.report(here, diag::ServiceMatchedTwice, *again.name, first.discovered->table, again.discovered->table);
  else if (*first.namespace_ == *again.namespace_)
    report = &sink.report(here, diag::ServiceDeclaredTwice, qualified(again));
  else
    report = &sink.report(here, diag::ServicesOfOneName, *again.name, qualified(first), qualified(again));
  if (here != there) report->note(there, "the other one is here");
}

}  // namespace

std::vector<Export> find_exports(const source::Manager& files, const std::vector<Search>& searches, const IsSet& is_set,
                                 diag::Sink& sink) {
  std::vector<Export> all;
  for (const Search& search : searches) {
    std::vector<Export> found = Finder(files, search, is_set, sink).run();
    std::ranges::move(found, std::back_inserter(all));
  }
  std::ranges::stable_sort(all, [](const Export& a, const Export& b) {
    if (*a.name != *b.name) return *a.name < *b.name;
    if (a.discovered->service != b.discovered->service)
      return source::before(a.discovered->service, b.discovered->service);
    return a.discovered->table < b.discovered->table;
  });
  std::vector<Export> exports;
  for (Export& found : all) {
    if (!exports.empty() && *exports.back().name == *found.name)
      report_twice(exports.back(), found, sink);
    else
      exports.push_back(std::move(found));
  }
  return exports;
}

}  // namespace meshfed::discover

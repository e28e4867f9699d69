#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/glob.hpp"
#include "base/text.hpp"
#include "check/rules.hpp"
#include "model/address.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::FragmentRule;
using model::IncludedFile;
using model::kNone;
using model::MeshId;
using model::Name;
using model::Names;
using model::World;

/// The clusters that a rule's list means.
class Allowed {
 public:
  Allowed(const World& world, const FragmentRule& rule, const Names& names, diag::Sink& sink)
      : world_(world), names_(names), known_(names.given()) {
    if (!known_) return;
    clusters_.resize(world.clusters.size(), false);
    for (const Name& name : *names) {
      if (name.given() && *name == "*") {
        all_ = true;
        continue;
      }
      const ClusterId cluster = name.given() ? world.find_cluster(*name) : kNone;
      const MeshId mesh = name.given() ? world.find_mesh(*name) : kNone;
      if (cluster != kNone) clusters_[cluster] = true;
      if (mesh != kNone) {
        for (const ClusterId member : world.meshes[mesh].clusters) clusters_[member] = true;
      }
      if (cluster != kNone || mesh != kNone) continue;
      known_ = false;
      if (name.given()) report_undeclared(rule, name, sink);
    }
  }

  /// The list stands there, and every name in it means something.
  bool known() const { return known_; }
  const Names& names() const { return names_; }

  /// Whoever `name` means is allowed. What means nothing was reported.
  bool holds(const std::string& name) const {
    if (all_) return true;
    if (name == "*") return false;
    const ClusterId cluster = world_.find_cluster(name);
    if (cluster != kNone && !clusters_[cluster]) return false;
    const MeshId mesh = world_.find_mesh(name);
    if (mesh == kNone) return true;
    const std::vector<ClusterId>& members = world_.meshes[mesh].clusters;
    return std::all_of(members.begin(), members.end(), [&](ClusterId member) { return clusters_[member]; });
  }

 private:
  /// MF0316: a rule's names are declared.
  void report_undeclared(const FragmentRule& rule, const Name& name, diag::Sink& sink) const {
    diag::Report& report = sink.report(name.span, diag::UndeclaredInRule, base::escaped(*rule.name), *name);
    std::vector<std::string_view> names;
    for (const auto& cluster : world_.federation.clusters) names.push_back(*cluster.name);
    for (const auto& mesh : world_.federation.meshes) names.push_back(*mesh.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (const auto near = base::closest(*name, names))
      report.replace(name.span, fmt::format("\"{}\"", *near));
    else
      report.advise(fmt::format("declared are {}", base::join(names, ", ", 10)));
  }

  const World& world_;
  const Names& names_;
  bool known_;
  bool all_ = false;
  std::vector<bool> clusters_;
};

/// A rule with its lists looked up.
struct Rights {
  const FragmentRule* rule;
  std::string pattern;
  Allowed from;
  Allowed to;
};

/// As the paths of included files are written.
std::string without_dot(std::string pattern) {
  while (pattern.starts_with("./")) pattern.erase(0, 2);
  return pattern;
}

/// MF0014: a pattern holds no wildcard but `*`.
bool pattern_is_understood(const FragmentRule& rule, diag::Sink& sink) {
  const std::string& pattern = *rule.name;
  const std::size_t bad = pattern.find_first_of("?[]{}\\");
  if (bad == std::string::npos && pattern.find("**") == std::string::npos) return true;
  sink.report(rule.name.span, diag::BadPattern, base::escaped(pattern),
              bad == std::string::npos ? "**" : pattern.substr(bad, 1));
  return false;
}

void refuse(const Rights& rights, const Name& name, std::string_view key, const Names& allowed, diag::Sink& sink) {
  std::vector<std::string> quoted;
  for (const Name& item : *allowed) quoted.push_back(fmt::format("\"{}\"", base::escaped(*item)));
  sink.report(name.span, diag::FragmentNotAllowed, key, base::escaped(*name), base::escaped(*rights.rule->name),
              base::join(quoted, ", ", 10))
      .note(allowed.span, "allowed here");
}

/// MF0224: an export of a fragment says no more than the rules of its file allow.
void export_is_allowed(const Export& exported, const Rights& rights, diag::Sink& sink) {
  const Names& namespaces = rights.rule->namespaces;
  const auto is_namespace = [&](const Name& name) { return name.given() && *name == *exported.namespace_; };
  const bool checked = namespaces.given() && exported.namespace_.given();
  if (checked && std::none_of(namespaces->begin(), namespaces->end(), is_namespace)) {
    refuse(rights, exported.namespace_, "namespace", namespaces, sink);
  }
  const auto parties = [&](const Names& names, const Allowed& allowed, std::string_view key) {
    if (!allowed.known()) return;
    for (const Name& name : *names) {
      if (name.given() && !allowed.holds(*name)) refuse(rights, name, key, allowed.names(), sink);
    }
  };
  parties(exported.from, rights.from, "from");
  parties(exported.merge, rights.from, "merge");
  parties(exported.to, rights.to, "to");
}

/// MF0230: an export of a fragment takes no address but those that a rule of its file leaves to it: the address becomes
/// a listener in every proxy that sees the host.
void addresses_are_allowed(const Export& exported, const Rights& rights, diag::Sink& sink) {
  const Names& blocks = rights.rule->vips;
  if (blocks.bad()) return;
  for (const Name& vip : *exported.vip) {
    const auto holds = [&](const Name& block) { return !block.given() || model::in_block(*vip, *block); };
    if (!vip.given() || std::any_of(blocks->begin(), blocks->end(), holds)) continue;
    diag::Report& report = sink.report(vip.span, diag::FragmentVip, *vip, base::escaped(*rights.rule->name));
    report.advise(fmt::format("remove it, or ask the owner of the main file to add it to `vips` of [fragment.\"{}\"]",
                              base::escaped(*rights.rule->name)));
    report.note(blocks.given() ? blocks.span : rights.rule->name.span,
                blocks.given() ? "allowed here" : "it allows none");
  }
}

/// MF0223: every included file is matched by a rule. Returns the rules of each file.
std::map<source::FileId, std::vector<const Rights*>> rights_of_files(const World& world,
                                                                     const std::vector<Rights>& rules,
                                                                     bool rules_are_complete, diag::Sink& sink) {
  std::map<source::FileId, std::vector<const Rights*>> found;
  for (const IncludedFile& file : world.federation.included) {
    std::vector<const Rights*>& own = found[file.file];
    for (const Rights& rights : rules) {
      if (base::glob_matches(rights.pattern, file.path)) own.push_back(&rights);
    }
    if (own.empty() && rules_are_complete) sink.report(file.include, diag::UnmatchedFragment, base::escaped(file.path));
  }
  return found;
}

/// MF0314: a rule matches some file. While something is wrong with the files, nobody can tell.
void rules_match(const World& world, const std::vector<Rights>& rules, diag::Sink& sink) {
  if (sink.errors() > 0) return;
  for (const Rights& rights : rules) {
    const auto matches = [&](const IncludedFile& file) { return base::glob_matches(rights.pattern, file.path); };
    const std::vector<IncludedFile>& files = world.federation.included;
    if (std::any_of(files.begin(), files.end(), matches)) continue;
    sink.report(rights.rule->name.span, diag::UselessFragmentRule, base::escaped(*rights.rule->name));
  }
}

}  // namespace

void check_fragments(const World& world, diag::Sink& sink) {
  std::vector<Rights> rules;
  bool complete = true;
  for (const FragmentRule& rule : world.federation.fragments) {
    if (rule.name.given() && pattern_is_understood(rule, sink)) {
      rules.push_back({&rule, without_dot(*rule.name), {world, rule, rule.from, sink}, {world, rule, rule.to, sink}});
    } else {
      complete = false;
    }
  }
  const auto rights = rights_of_files(world, rules, complete, sink);
  for (const Export& exported : world.federation.exports) {
    if (!exported.fragment) continue;
    const auto own = rights.find(exported.name.span.file);
    if (own == rights.end()) continue;
    for (const Rights* one : own->second) {
      export_is_allowed(exported, *one, sink);
      addresses_are_allowed(exported, *one, sink);
    }
  }
  rules_match(world, rules, sink);
}

}  // namespace meshfed::check

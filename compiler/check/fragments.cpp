#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/core.h>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "check/rules.hpp"
#include "model/address.hpp"
#include "resolve/declared.hpp"

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
using model::ResolvedFederation;
using resolve::names_of;
using resolve::propose;

/// The clusters that a rule's list means.
class Allowed {
 public:
  Allowed(const ResolvedFederation& resolved, const FragmentRule& rule, const Names& names, diag::Sink& sink)
      : resolved_(resolved), names_(names), known_(names.given()) {
    if (!known_) return;
    for (const Name& name : *names) {
      if (name.given() && *name == "*") {
        all_ = true;
        continue;
      }
      const ClusterId cluster = name.given() ? resolved.find_cluster(*name) : kNone;
      const MeshId mesh = name.given() ? resolved.find_mesh(*name) : kNone;
      if (cluster != kNone) clusters_.insert(cluster);
      if (mesh != kNone) meshes_.try_emplace(mesh, true);
      if (cluster != kNone || mesh != kNone) continue;
      known_ = false;
      if (name.given()) report_undeclared(rule, name, sink);
    }
  }

  /// The list stands there, and every name in it means something.
  bool known() const { return known_; }
  const Names& names() const { return names_; }

  /// Whoever `name` means is allowed. What means nothing was reported.
  bool holds(const std::string& name) {
    if (all_) return true;
    if (name == "*") return false;
    const ClusterId cluster = resolved_.find_cluster(name);
    if (cluster != kNone && !holds(cluster)) return false;
    const MeshId mesh = resolved_.find_mesh(name);
    if (mesh == kNone) return true;
    const auto [known, fresh] = meshes_.try_emplace(mesh, false);
    if (fresh) {
      const std::vector<ClusterId>& members = resolved_.meshes[mesh].clusters;
      known->second = std::ranges::all_of(members, [&](ClusterId member) { return clusters_.contains(member); });
    }
    return known->second;
  }

 private:
  bool holds(ClusterId cluster) const {
    const auto mesh = meshes_.find(resolved_.clusters[cluster].mesh);
    return clusters_.contains(cluster) || (mesh != meshes_.end() && mesh->second);
  }

  /// MF0316: a rule's names are declared.
  void report_undeclared(const FragmentRule& rule, const Name& name, diag::Sink& sink) const {
    diag::Report& report = sink.report(name.span, diag::UndeclaredInRule, *rule.name, *name);
    const model::Federation& fed = resolved_.federation;
    if (sink.wants_search(fed.clusters.size() + fed.meshes.size()))
      propose(report, name.span, *name, names_of(fed.clusters, fed.meshes), "cluster");
  }

  const ResolvedFederation& resolved_;
  const Names& names_;
  bool known_;
  bool all_ = false;
  std::unordered_set<ClusterId> clusters_;   // in the list
  std::unordered_map<MeshId, bool> meshes_;  // true: in the list, or all its clusters are; false: looked up, and not
};

/// A rule with its lists looked up.
struct ResolvedRule {
  const FragmentRule* rule;
  std::string pattern;
  std::unordered_set<std::string_view> namespaces;
  Allowed from;
  Allowed to;
};

std::unordered_set<std::string_view> given_names(const Names& names) {
  std::unordered_set<std::string_view> given;
  for (const Name& name : *names) {
    if (name.given()) given.insert(*name);
  }
  return given;
}

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
  sink.report(rule.name.span, diag::BadPattern, pattern, bad == std::string::npos ? "**" : pattern.substr(bad, 1));
  return false;
}

void refuse(const ResolvedRule& rights, const Name& name, std::string_view key, const Names& allowed,
            diag::Sink& sink) {
  constexpr std::size_t kListed = 10;
  std::string listed;
  for (std::size_t i = 0; i < std::min(allowed->size(), kListed); ++i)
    listed += fmt::format("{}\"{}\"", listed.empty() ? "" : ", ", *(*allowed)[i]);
  if (allowed->size() > kListed) listed += fmt::format(" and {} more", allowed->size() - kListed);
  sink.report(name.span, diag::FragmentNotAllowed, key, *name, *rights.rule->name, listed)
      .note(allowed.span, "allowed here");
}

/// MF0224: an export of a fragment says no more than the rules of its file allow.
void export_is_allowed(const Export& exported, ResolvedRule& rights, diag::Sink& sink) {
  const Names& namespaces = rights.rule->namespaces;
  const auto namespace_is_allowed = [&](const Name& name) {
    if (namespaces.given() && name.given() && !rights.namespaces.contains(*name))
      refuse(rights, name, "namespace", namespaces, sink);
  };
  namespace_is_allowed(exported.namespace_);
  for (const model::Place& place : exported.at) {
    namespace_is_allowed(place.namespace_);
    const bool known = rights.from.known() && rights.to.known() && place.name.given();
    if (known && !rights.from.holds(*place.name) && !rights.to.holds(*place.name))
      refuse(rights, place.name, "at", rights.from.names(), sink);
  }
  const auto parties = [&](const Names& names, Allowed& allowed, std::string_view key) {
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
void addresses_are_allowed(const Export& exported, const ResolvedRule& rights, diag::Sink& sink) {
  const Names& blocks = rights.rule->vips;
  if (blocks.bad()) return;
  for (const Name& vip : *exported.vip) {
    const auto holds = [&](const Name& block) { return !block.given() || model::in_block(*vip, *block); };
    if (!vip.given() || std::any_of(blocks->begin(), blocks->end(), holds)) continue;
    diag::Report& report = sink.report(vip.span, diag::FragmentVip, *vip, *rights.rule->name);
    report.advise(fmt::format("remove it, or ask the owner of the main file to add it to `vips` of [fragment.\"{}\"]",
                              base::escaped(*rights.rule->name)));
    report.note(blocks.given() ? blocks.span : rights.rule->name.span,
                blocks.given() ? "allowed here" : "this table allows none");
  }
}

/// Finds the rules of a file without trying them all: by what their patterns say before the first `*`.
class RulesByPattern {
 public:
  explicit RulesByPattern(std::vector<ResolvedRule>& rules) {
    for (ResolvedRule& rights : rules)
      by_beginning_[std::string_view(rights.pattern).substr(0, rights.pattern.find('*'))].push_back(&rights);
  }

  std::vector<ResolvedRule*> matching(const std::string& path) const {
    std::vector<ResolvedRule*> found;
    for (std::size_t length = 0; length <= path.size(); ++length) {
      const auto candidates = by_beginning_.find(std::string_view(path).substr(0, length));
      if (candidates == by_beginning_.end()) continue;
      std::ranges::copy_if(candidates->second, std::back_inserter(found),
                           [&](const ResolvedRule* rights) { return base::glob_matches(rights->pattern, path); });
    }
    return found;
  }

 private:
  std::unordered_map<std::string_view, std::vector<ResolvedRule*>> by_beginning_;
};

/// By file: the rules that match it.
using RightsOfFiles = std::map<source::FileId, std::vector<ResolvedRule*>>;

/// MF0223: every included file is matched by a rule.
RightsOfFiles rights_of_files(const ResolvedFederation& resolved, std::vector<ResolvedRule>& rules,
                              bool rules_are_complete, diag::Sink& sink) {
  RightsOfFiles found;
  const RulesByPattern by_pattern(rules);
  for (const IncludedFile& file : resolved.federation.included) {
    std::vector<ResolvedRule*>& own = found[file.file] = by_pattern.matching(file.path);
    if (own.empty() && rules_are_complete) sink.report(file.include, diag::UnmatchedFragment, file.path);
  }
  return found;
}

/// MF0314: a rule matches some file. While something is wrong with the files, nobody can tell.
void rules_match(const std::vector<ResolvedRule>& rules, const RightsOfFiles& rights_of_files, diag::Sink& sink) {
  if (sink.errors() > 0) return;
  std::unordered_set<const ResolvedRule*> matching;
  for (const auto& [file, rights] : rights_of_files) matching.insert(rights.begin(), rights.end());
  for (const ResolvedRule& rights : rules) {
    if (matching.contains(&rights)) continue;
    sink.report(rights.rule->name.span, diag::UselessFragmentRule, *rights.rule->name);
  }
}

}  // namespace

void check_fragments(const ResolvedFederation& resolved, diag::Sink& sink) {
  std::vector<ResolvedRule> rules;
  bool complete = true;
  for (const FragmentRule& rule : resolved.federation.fragments) {
    if (rule.name.given() && pattern_is_understood(rule, sink)) {
      rules.push_back({&rule,
                       without_dot(*rule.name),
                       given_names(rule.namespaces),
                       {resolved, rule, rule.from, sink},
                       {resolved, rule, rule.to, sink}});
    } else {
      complete = false;
    }
  }
  const RightsOfFiles rights = rights_of_files(resolved, rules, complete, sink);
  for (const Export& exported : resolved.federation.exports) {
    if (!exported.fragment) continue;
    const auto own = rights.find(exported.name.span.file);
    if (own == rights.end()) continue;
    for (ResolvedRule* one : own->second) {
      export_is_allowed(exported, *one, sink);
      addresses_are_allowed(exported, *one, sink);
    }
  }
  rules_match(rules, rights, sink);
}

}  // namespace meshfed::check

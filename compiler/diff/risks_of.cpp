// Which rows of the table of risks are about a change.
#include <algorithm>

#include "diff/field_path.hpp"
#include "diff/lookup.hpp"
#include "diff/risks.hpp"

namespace meshfed::diff {
namespace {

using enum Level;

bool is_of(const RiskRule& rule, const Change& change) {
  return rule.action == change.action && rule.kind == identity_of(change.id).kind;
}

// A change, with the general paths of its fields: most rows are about others, and not asked.
struct Asked {
  const Change& change;
  std::vector<std::string> paths = {};
};

Asked asked_of(const Change& change) {
  Asked asked{change};
  for (const FieldChange& field : change.fields) asked.paths.push_back(general_path(field.path));
  return asked;
}

bool is_about(const RiskRule& rule, const Asked& asked) {
  if (!is_of(rule, asked.change)) return false;
  if (rule.action != Action::change) return true;
  return std::any_of(asked.paths.begin(), asked.paths.end(), [&](const std::string& path) {
    return path.starts_with(rule.field) || rule.field.starts_with(path);
  });
}

// Of an item that comes or goes, a row of a field in it says more.
bool is_told_by_another(std::size_t field, const Asked& asked) {
  return std::any_of(risk_rules().begin(), risk_rules().end(), [&](const RiskRule& rule) {
    if (!rule.holds || !is_about(rule, asked)) return false;
    if (concerns(asked.change.fields[field], rule.field)) return true;
    return rule.field.starts_with(asked.paths[field]) && rule.holds(asked.change, rule.field);
  });
}

bool applies(const RiskRule& rule, const Asked& asked) {
  if (!is_about(rule, asked)) return false;
  if (rule.holds) return rule.holds(asked.change, rule.field);
  for (std::size_t i = 0; i < asked.paths.size(); ++i)
    if (concerns(asked.change.fields[i], rule.field) && !is_told_by_another(i, asked)) return true;
  return false;
}

}  // namespace

std::vector<Risk> risks_of(const Change& change) {
  std::vector<Risk> risks;
  const Asked asked = asked_of(change);
  for (const RiskRule& rule : risk_rules()) {
    if (!applies(rule, asked)) continue;
    const Risk risk{rule.name, rule.level, rule.text};
    if (std::find(risks.begin(), risks.end(), risk) == risks.end()) risks.push_back(risk);
  }
  return risks;
}

std::vector<Risk> risks_of(const Cluster& cluster) {
  std::vector<Risk> risks;
  if (cluster.state == Cluster::State::added)
    risks.push_back({"cluster-added", low, "nothing was published for this cluster before"});
  if (cluster.state == Cluster::State::removed)
    risks.push_back({"cluster-removed", high,
                     "the cluster is no longer declared: everything published for it is removed, and callers there "
                     "lose every host"});
  if (cluster.lists == Cluster::Lists::vanish)
    risks.push_back({"lists-removed", high,
                     "no kustomization.yaml is written any more: what applies the directory by it finds nothing, and "
                     "prunes everything, unless it is told to read the files of all directories"});
  if (cluster.lists == Cluster::Lists::appear)
    risks.push_back(
        {"lists-added", low, "kustomization.yaml is written from then on: Argo CD and Flux apply the directory by it"});
  return risks;
}

}  // namespace meshfed::diff

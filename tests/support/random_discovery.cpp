// Services and workloads as manifests, from which exports are found again as they were drafted.
#include <algorithm>

#include <fmt/core.h>

#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

using Labels = std::map<std::string, std::string>;

std::string flow(const Labels& labels) {
  std::string list;
  for (const auto& [key, value] : labels) list += fmt::format("{}{}: \"{}\"", list.empty() ? "" : ", ", key, value);
  return "{" + list + "}";
}

/// Its Service can say what the table says.
bool may_be_found(const DraftExport& exported) {
  const auto starts = [&](std::string_view key) {
    return std::any_of(exported.table.lines.begin(), exported.table.lines.end(),
                       [&](const std::string& line) { return line.starts_with(key); });
  };
  return exported.service && !starts("service = ");
}

/// A workload of its own that has the labels and the account; where these are not said, there is none.
bool has_workload(const DraftExport& exported) {
  return !exported.selection.labels.empty() && exported.accounts.size() == 1;
}

bool is_part_of(const Labels& part, const Labels& whole) {
  return std::all_of(part.begin(), part.end(), [&](const auto& label) {
    const auto same = whole.find(label.first);
    return same != whole.end() && same->second == label.second;
  });
}

std::string service_of(const DraftExport& exported, const std::string& mark) {
  std::string text = fmt::format(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: {}\n  namespace: {}\n  labels: {{shared: \"{}\"}}\nspec:\n",
      exported.name, exported.ns, mark);
  if (!exported.selection.labels.empty()) text += fmt::format("  selector: {}\n", flow(exported.selection.labels));
  text += "  ports:\n";
  for (const DraftPort& port : exported.ports) {
    text += fmt::format("  - name: {}\n    port: {}\n", port.name, port.number);
    if (!port.protocol.empty()) text += fmt::format("    appProtocol: {}\n", port.protocol);
    if (port.target != port.number) text += fmt::format("    targetPort: {}\n", port.target);
  }
  return text;
}

std::string workload_of(const DraftExport& exported) {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {0}, namespace: {1}}}\nspec:\n  template:\n    "
      "metadata:\n"
      "      labels: {2}\n    spec:\n      serviceAccountName: {3}\n      containers: [{{name: app}}]\n",
      exported.name, exported.ns, flow(exported.selection.labels), exported.accounts.front());
}

/// Takes the lines away that begin with one of the keys; returns the value of the last one.
std::string take(Strings& lines, const Strings& keys) {
  std::string value;
  std::erase_if(lines, [&](const std::string& line) {
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
      if (!line.starts_with(key + " = ")) return false;
      value = line.substr(key.size() + 3);
      return true;
    });
  });
  return value;
}

}  // namespace

void discover_exports(Draft& draft, std::uint64_t seed) {
  Random random(seed + 0x5eed);
  if (!random.chance(35)) return;
  std::vector<DraftExport*> chosen;
  for (DraftExport& exported : draft.exports) {
    if (may_be_found(exported) && random.chance(60)) chosen.push_back(&exported);
  }
  struct Table {
    std::string mark;
    std::set<std::string> namespaces;
  };
  std::map<std::string, Table> tables;  // by who serves
  for (DraftExport* exported : chosen) {
    // A workload of another export may be this one's as well.
    std::set<std::string> accounts;
    for (const DraftExport* other : chosen) {
      const bool selected = other->ns == exported->ns && has_workload(*other) && !exported->selection.labels.empty() &&
                            is_part_of(exported->selection.labels, other->selection.labels);
      if (selected) accounts.insert(other->accounts.front());
    }
    if (exported->accounts.empty() && !accounts.empty()) continue;
    const bool same = accounts == std::set<std::string>(exported->accounts.begin(), exported->accounts.end());
    Strings& lines = exported->table.lines;
    const std::string from = take(lines, {"from"});
    take(lines, {"namespace", "naming", "ports", "selector"});
    if (same) take(lines, {"service_accounts"});
    exported->main_file = true;
    Table& table = tables[from];
    if (table.mark.empty()) table.mark = fmt::format("group-{}", tables.size());
    table.namespaces.insert(exported->ns);
    draft.result.manifests[fmt::format("k8s/{}/app-{}.yaml", exported->ns, random.below(3))].push_back(
        service_of(*exported, table.mark));
  }
  for (const DraftExport* exported : chosen) {
    if (has_workload(*exported))
      draft.result.manifests[fmt::format("k8s/{}/workloads.yaml", exported->ns)].push_back(workload_of(*exported));
  }
  for (const auto& [from, found] : tables) {
    TomlTable& table = draft.table("discover." + found.mark);
    table.lines.push_back(random.chance(50) ? "manifests = [\"k8s/**/*.yaml\"]" : "manifests = [\"k8s/**\"]");
    table.lines.push_back(fmt::format("selector = {{ shared = \"{}\" }}", found.mark));
    table.lines.push_back("at = " + from);
    if (random.chance(60))
      table.lines.push_back("namespaces = " + quoted_list({found.namespaces.begin(), found.namespaces.end()}));
  }
}

}  // namespace meshfed::testing

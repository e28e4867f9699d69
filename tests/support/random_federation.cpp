#include "support/random_federation.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "support/random.hpp"
#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

void top(Draft& draft) {
  Random& random = draft.random;
  draft.table("").lines.push_back("version = 1");
  TomlTable& federation = draft.table("federation");
  federation.lines.push_back(fmt::format("name = \"fed{}\"", random.below(100)));
  if (random.chance(40)) federation.lines.push_back(fmt::format("domain = \"d{}.example\"", random.below(9)));
  if (!draft.global_default) federation.lines.push_back("naming = \"service\"");
  if (draft.global_default && random.chance(20)) federation.lines.push_back("naming = \"global\"");
  if (random.chance(50)) federation.lines.push_back("accept = [\"MF0608\", \"MF0603\", \"MF0507\"]");
}

/// Some exports go into fragments, with a rule that allows them.
void distribute(Draft& draft) {
  const bool fragments = draft.random.chance(25);
  std::set<std::string> namespaces;
  for (DraftExport& exported : draft.exports) {
    if (exported.table.lines.empty()) continue;  // it is found, and nothing is left to say
    if (fragments && !exported.main_file && draft.random.chance(50)) {
      draft.result.fragments[fmt::format("apps/team-{}.toml", draft.random.below(3))].push_back(exported.table);
      namespaces.insert(exported.ns);
      namespaces.insert(exported.namespaces.begin(), exported.namespaces.end());
    } else {
      draft.result.tables.push_back(exported.table);
    }
  }
  if (draft.result.fragments.empty()) return;
  draft.result.tables.front().lines.push_back("include = [\"apps/*.toml\"]");
  TomlTable& rule = draft.table("fragment.\"apps/*.toml\"");
  rule.lines.push_back("namespaces = " + quoted_list({namespaces.begin(), namespaces.end()}));
  Strings meshes;
  for (const DraftMesh& mesh : draft.meshes) meshes.push_back(mesh.name);
  rule.lines.push_back("from = " + quoted_list(meshes));
  meshes.push_back("*");
  rule.lines.push_back("to = " + quoted_list(meshes));
  rule.lines.push_back("vips = [\"240.1.0.0/24\"]");
}

std::string text_of(std::vector<TomlTable> tables, Random* shuffle) {
  if (shuffle) {
    std::stable_partition(tables.begin(), tables.end(), [](const TomlTable& t) { return t.header.empty(); });
    std::vector<TomlTable> rest(tables.begin() + (tables.front().header.empty() ? 1 : 0), tables.end());
    shuffle->shuffle(rest);
    std::copy(rest.begin(), rest.end(), tables.end() - static_cast<std::ptrdiff_t>(rest.size()));
    for (TomlTable& table : tables) shuffle->shuffle(table.lines);
  }
  std::string text;
  for (const TomlTable& table : tables) {
    if (!table.header.empty()) text += fmt::format("\n[{}]\n", table.header);
    for (const std::string& line : table.lines) text += line + "\n";
  }
  return text;
}

}  // namespace

std::map<std::string, std::string> RandomFederation::files(std::uint64_t shuffle) const {
  Random random(shuffle);
  Random* const order = shuffle == 0 ? nullptr : &random;
  std::map<std::string, std::string> files = {{"federation.toml", text_of(tables, order)}};
  files.insert(certificates.begin(), certificates.end());
  for (const auto& [path, fragment] : fragments) files[path] = text_of(fragment, order);
  for (const auto& [path, own] : manifests) {
    std::vector<std::string> documents = own;
    if (order) order->shuffle(documents);
    for (const std::string& document : documents) files[path] += (files[path].empty() ? "" : "---\n") + document;
  }
  return files;
}

Draft::Draft(std::uint64_t seed)
    : random(seed),
      equal_domains(random.chance(60)),
      host_names(random.chance(30)),
      localities(random.chance(60)),
      global_default(!equal_domains || random.chance(70)) {}

TomlTable& Draft::table(std::string header) {
  result.tables.push_back({std::move(header), {}});
  return result.tables.back();
}

std::string quoted_list(const Strings& items) {
  std::string list;
  for (const std::string& item : items) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", item);
  return "[" + list + "]";
}

RandomFederation random_federation(std::uint64_t seed, Said said) {
  Draft draft(seed);
  top(draft);
  draft_clusters(draft);
  draft_exports(draft);
  finish_clusters(draft);
  if (said == Said::found) discover_exports(draft, seed);
  draft_installation(draft, seed);
  distribute(draft);
  return std::move(draft.result);
}

}  // namespace meshfed::testing

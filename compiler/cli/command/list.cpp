#include "cli/command/list.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "driver/analysis.hpp"
#include "graph/names.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Lists exports, or what the first word says: meshes, networks, clusters, exports or hosts.
Hosts are listed with their aliases. With --discovered, only exports that [discover.*]
found, and where. `meshfedc show` tells everything about one of them.

JSON has a `version`, which changes when a program that reads it would have to; `meshfedc
schema list` prints its schema.

Exit status: 0 no errors; 2 the input is invalid; 4 the input cannot be read.

Examples:
  meshfedc list
  meshfedc list --discovered
  meshfedc list hosts --cluster east-cluster
  meshfedc list clusters --format json prod/federation.toml)";

using What = graph::What;

const std::pair<std::string, What> kKinds[] = {{"exports", What::exports},
                                               {"hosts", What::hosts},
                                               {"clusters", What::clusters},
                                               {"networks", What::networks},
                                               {"meshes", What::meshes}};

std::vector<std::string> kinds() {
  std::vector<std::string> words;
  for (const auto& [word, what] : kKinds) words.push_back(word);
  return words;
}

/// One of the words, in the singular too; none for any other.
std::optional<What> what_of(const std::string& given) {
  if (given.empty()) return What::exports;
  for (const auto& [word, what] : kKinds) {
    const std::size_t plural = word == "meshes" ? 2 : 1;
    if (given == word || given == word.substr(0, word.size() - plural)) return what;
  }
  return std::nullopt;
}

std::string flaw_of_kind(const std::string& given) {
  if (is_main_file(given) || what_of(given)) return "";
  const std::vector<std::string> known = kinds();
  const auto near = base::closest(given, known);
  return fmt::format(
      "{} is not a kind of things; {}", base::quoted(given),
      near ? fmt::format("did you mean `{}`?", *near) : fmt::format("there are {}", base::join(known, ", ")));
}

}  // namespace

Command ListCommand::declare() {
  const Argument kind{.names = {},
                      .meaning =
                          "meshes, networks, clusters, exports or hosts; default: exports. A word that ends in "
                          ".toml is the main file",
                      .target = &what_,
                      .value = "KIND",
                      .positional = "kind",
                      .offers = kinds(),
                      .flaw = flaw_of_kind};
  const Argument mesh{
      .names = {"--mesh"}, .meaning = "Only what has to do with this mesh", .target = &mesh_, .value = "NAME"};
  Argument clusters = clusters_option(clusters_);
  clusters.meaning = "Only what has to do with this cluster; may be repeated";
  return {.name = "list",
          .description = "List the exports, hosts, clusters, networks or meshes of a federation",
          .footer = kFooter,
          .arguments = {kind,
                        source_argument(source_),
                        source_option(source_),
                        clusters,
                        mesh,
                        {.names = {"--discovered"},
                         .meaning = "Only exports that were found in manifests ([discover.*])",
                         .target = &discovered_},
                        word_option<graph::Form>("--format", "Output format; json also applies to diagnostics", form_,
                                                 {{"text", graph::Form::text},
                                                  {"json", graph::Form::json},
                                                  {"markdown", graph::Form::markdown}})},
          .conflict = [this] { return conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

ListCommand::Words ListCommand::words() const {
  Words words{what_, source_};
  if (is_main_file(what_)) std::swap(words.what, words.source.positional);
  return words;
}

std::string ListCommand::conflict() const {
  const auto [what, source] = words();
  if (is_main_file(what))
    return fmt::format("the main file is given twice: {} and {}; name one", base::quoted(source.positional),
                       base::quoted(what));
  return source.conflict();
}

Exit ListCommand::run(const Context& context) const {
  Session session(context, form_ == graph::Form::json ? Format::json : Format::text);
  const auto [what, source] = words();
  const std::string file = find_source(session, source);
  const driver::Job job = session.job();
  const std::optional<check::Checked> checked = driver::analyse(job, file, default_jobs());
  if (!checked) return session.finish();
  const model::ResolvedFederation& resolved = checked->resolved();
  graph::ListFilter filter{.discovered = discovered_};
  if (!clusters_.empty()) filter.clusters = driver::select(resolved, {.clusters = clusters_, .shard = {}}, job.sink);
  if (!mesh_.empty()) {
    const auto mesh = graph::find(graph::names_of(resolved), "mesh:" + mesh_, job.sink);
    if (mesh) filter.mesh = resolved.find_mesh(mesh->name);
  }
  if (!session.failed()) session.print(graph::list(resolved, job.files, *what_of(what), filter, form_));
  return session.finish();
}

}  // namespace meshfed::cli

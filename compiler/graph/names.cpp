#include "graph/names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/closest.hpp"
#include "base/sorted.hpp"
#include "base/text.hpp"

namespace meshfed::graph {
namespace {

constexpr std::string_view kKinds[] = {"mesh", "network", "cluster", "export", "host"};
constexpr std::size_t kListed = 20;

/// The kind that a prefix says, and what follows it.
struct Asked {
  std::optional<Kind> kind;
  std::string_view name;
};

Asked parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  for (std::size_t i = 0; colon != std::string_view::npos && i < std::size(kKinds); ++i) {
    if (text.substr(0, colon) == kKinds[i]) return {static_cast<Kind>(i), text.substr(colon + 1)};
  }
  return {std::nullopt, text};
}

void report_unknown(const std::vector<Named>& names, const Asked& asked, diag::Sink& sink) {
  std::vector<std::string_view> candidates;
  for (const Named& named : names) {
    if (!asked.kind || named.kind == *asked.kind) candidates.push_back(named.name);
  }
  base::sort_unique(candidates);
  const std::string kinds(asked.kind ? word(*asked.kind) : "mesh, network, cluster, export or host");
  diag::Report& report = sink.report({}, diag::UnknownName, kinds, base::escaped(asked.name));
  if (const auto near = base::closest(asked.name, candidates))
    report.advise(fmt::format("did you mean `{}`?", *near));
  else
    report.advise(candidates.empty() ? "none is declared"
                                     : fmt::format("declared names: {}", base::join(candidates, ", ", kListed)));
}

void report_ambiguous(const std::vector<Named>& found, diag::Sink& sink) {
  std::vector<std::string> kinds, written;
  for (const Named& named : found) {
    kinds.push_back(fmt::format("{} {}", named.kind == Kind::export_ ? "an" : "a", word(named.kind)));
    written.push_back(fmt::format("`{}:{}`", word(named.kind), named.name));
  }
  sink.report({}, diag::UnclearName, found.front().name, base::join(kinds, " and "))
      .advise(fmt::format("say which is meant: {}", base::join(written, " or ")));
}

}  // namespace

std::string_view word(Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::vector<Named> names_of(const model::ResolvedFederation& resolved) {
  std::vector<Named> names;
  for (const model::Mesh& mesh : resolved.federation.meshes) names.push_back({Kind::mesh, *mesh.name});
  for (const model::Network& network : resolved.federation.networks) names.push_back({Kind::network, *network.name});
  for (const model::Cluster& cluster : resolved.federation.clusters) names.push_back({Kind::cluster, *cluster.name});
  for (const model::Export& exported : resolved.federation.exports) names.push_back({Kind::export_, *exported.name});
  for (const model::ExportInfo& info : resolved.exports)
    model::each_host(info, [&](const std::string& host) { names.push_back({Kind::host, host}); });
  base::sort_unique(names);
  return names;
}

std::optional<Named> find(const std::vector<Named>& names, std::string_view text, diag::Sink& sink) {
  const Asked asked = parse(text);
  std::vector<Named> found;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    const Named wanted{static_cast<Kind>(i), std::string(asked.name)};
    if ((!asked.kind || *asked.kind == wanted.kind) && base::contains(names, wanted)) found.push_back(wanted);
  }
  if (found.size() > 1) std::erase_if(found, [](const Named& named) { return named.kind == Kind::network; });
  if (found.size() == 1) return found.front();
  if (found.empty())
    report_unknown(names, asked, sink);
  else
    report_ambiguous(found, sink);
  return std::nullopt;
}

model::ExportId export_of(const model::ResolvedFederation& resolved, const Named& named) {
  if (named.kind == Kind::export_) return resolved.find_export(named.name);
  if (named.kind != Kind::host) return model::kNone;
  for (model::ExportId id = 0; id < resolved.exports.size(); ++id) {
    bool found = false;
    model::each_host(resolved.exports[id], [&](const std::string& host) { found = found || host == named.name; });
    if (found) return id;
  }
  return model::kNone;
}

}  // namespace meshfed::graph

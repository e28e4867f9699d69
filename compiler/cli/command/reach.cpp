#include "cli/command/reach.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/closest.hpp"
#include "base/text.hpp"

namespace meshfed::cli {

ReachArguments::ReachArguments() { options.jobs = default_jobs(); }

std::vector<Argument> ReachArguments::declare() {
  const auto not_empty = [](const std::string& path) -> std::string { return path.empty() ? "the path is empty" : ""; };
  return {source_option(source),
          {.names = {"-o", "--output"},
           .meaning = "Read the manifests below this directory; default: what the federation compiles to",
           .target = &options.out,
           .value = "DIR",
           .flaw = not_empty},
          {.names = {"--facts"},
           .meaning = "Read what manifests do not say from this file; default: from the federation",
           .target = &options.facts,
           .value = "FILE",
           .flaw = not_empty},
          jobs_option(options.jobs),
          word_option<ask::Format>(
              "--format", "Output format; json also applies to diagnostics", format,
              {{"text", ask::Format::text}, {"json", ask::Format::json}, {"markdown", ask::Format::markdown}})};
}

driver::ReachOptions ReachArguments::resolved(Session& session) const {
  driver::ReachOptions all = options;
  if (all.out.empty() || all.facts.empty()) all.file = find_source(session, source);
  return all;
}

bool is_cluster(Session& session, const interpret::World& world, const std::string& name) {
  std::vector<std::string_view> names;
  for (const interpret::ClusterFacts& cluster : world.clusters()) names.push_back(cluster.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  const auto near = base::closest(name, names);
  session.sink()
      .report({}, diag::UnknownPlace, name)
      .advise(near ? fmt::format("did you mean `{}`?", *near)
                   : fmt::format("the clusters are: {}", base::join(names, ", ", 20)));
  return false;
}

}  // namespace meshfed::cli

#include "cli/command/show.hpp"

#include <optional>
#include <vector>

#include "driver/analysis.hpp"
#include "graph/show.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Of a cluster: its mesh, network and gateway, what it serves, what it consumes, from
which networks and by which way, and the files that it gets. Of a host: its ports, who
serves it and who consumes it. Of a mesh or network: its clusters, and what goes in and
out. If a name is that of several things, a prefix says which one is meant: `mesh:`,
`network:`, `cluster:`, `export:` or `host:`.

JSON has a `version`, which changes when a program that reads it would have to; `meshfedc
schema show` prints its schema.

Exit status: 0 no errors; 2 the input is invalid, or nothing has that name; 4 the input
cannot be read.

Examples:
  meshfedc show east-cluster
  meshfedc show httpbin.mesh.global
  meshfedc show mesh:east-mesh --format json)";

}  // namespace

Command ShowCommand::declare() {
  return {.name = "show",
          .description = "Show everything about one cluster, host, mesh or network",
          .footer = kFooter,
          .arguments = {{.names = {},
                         .meaning = "A cluster, host, export, mesh or network",
                         .target = &name_,
                         .value = "NAME",
                         .positional = "name",
                         .required = true},
                        source_argument(source_),
                        source_option(source_),
                        word_option<graph::Form>("--format", "Output format; json also applies to diagnostics", form_,
                                                 {{"text", graph::Form::text},
                                                  {"json", graph::Form::json},
                                                  {"markdown", graph::Form::markdown}})},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit ShowCommand::run(const Context& context) const {
  Session session(context, form_ == graph::Form::json ? Format::json : Format::text);
  const std::string file = find_source(session, source_);
  const driver::Job job = session.job();
  const std::optional<check::Checked> checked = driver::analyse(job, file, default_jobs());
  if (!checked) return session.finish();
  const model::ResolvedFederation& resolved = checked->resolved();
  const std::optional<graph::Named> thing = graph::find(graph::names_of(resolved), name_, session.sink());
  if (!thing) return session.finish();
  std::vector<std::string> written;
  if (thing->kind == graph::Kind::cluster) written = driver::paths(*checked, resolved.find_cluster(thing->name));
  session.print(graph::show(resolved, job.files, *thing, written, form_));
  return session.finish();
}

}  // namespace meshfed::cli

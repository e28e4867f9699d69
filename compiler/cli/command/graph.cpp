#include "cli/command/graph.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "driver/picture.hpp"
#include "graph/html.hpp"
#include "graph/svg.hpp"
#include "graph/text_graphs.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Draws which cluster calls which, and by how many hosts. Up to 15 clusters are cards in
columns of meshes, connected by wires; more are a matrix, in which rows serve and columns
call. A page (html) is complete in one file and needs no network: it can be filtered, and
shows everything about each cluster and host.

--focus narrows the picture to what has to do with a cluster, host, mesh or network, as
`show` calls it. --against colours what changed since a Git revision.

Exit status: 0 no errors; 2 the input is invalid; 3 the file was not written by this
command; 4 reading or writing failed.

Examples:
  meshfedc graph -o federation.svg
  meshfedc graph --format html -o federation.html
  meshfedc graph --focus east-cluster --focus httpbin.mesh.global -o part.svg
  meshfedc graph --against origin/main --format html -o change.html)";

}  // namespace

Command GraphCommand::declare() {
  const Argument output{
      .names = {"-o", "--output"},
      .meaning = "The file to write; default: standard output",
      .target = &out_,
      .value = "PATH",
      .flaw = [](const std::string& path) -> std::string { return path.empty() ? "the path is empty" : ""; }};
  const Argument focus{.names = {"--focus"},
                       .meaning = "Only what has to do with this cluster, host, mesh or network; may be repeated",
                       .target = &focus_,
                       .value = "NAME"};
  const Argument against{.names = {"--against"},
                         .meaning = "Colour what changed since a Git revision, or since the index",
                         .target = &against_,
                         .value = "REV"};
  const Argument only{.names = {"--only-changes"},
                      .meaning = "Leave out what did not change",
                      .target = &only_changes_,
                      .needs = "--against"};
  return {.name = "graph",
          .description = "Draw the federation: SVG, Mermaid, DOT, or a page",
          .footer = kFooter,
          .arguments =
              {source_argument(source_), source_option(source_), output, focus, against, only,
               word_option<By>("--by", "Draw clusters, or meshes as if each were one cluster", by_,
                               {{"auto", By::automatic}, {"cluster", By::cluster}, {"mesh", By::mesh}}),
               quiet_option(quiet_),
               word_option<Output>(
                   "--format", "Format of the picture", output_,
                   {{"svg", Output::svg}, {"mermaid", Output::mermaid}, {"dot", Output::dot}, {"html", Output::html}})},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

std::string GraphCommand::render(const graph::Topology& topology) const {
  switch (output_) {
    case Output::svg:
      return graph::svg(topology);
    case Output::mermaid:
      return graph::mermaid(topology);
    case Output::dot:
      return graph::dot(topology);
    case Output::html:
      return graph::html(topology);
  }
  return {};
}

std::string_view GraphCommand::mark() const {
  switch (output_) {
    case Output::svg:
      return graph::kSvgMark;
    case Output::mermaid:
      return graph::kMermaidMark;
    case Output::dot:
      return graph::kDotMark;
    case Output::html:
      return graph::kHtmlMark;
  }
  return {};
}

/// Other tools lay out what we write in their languages, and cannot show many clusters.
bool GraphCommand::is_by_mesh(const graph::Topology& topology) const {
  const bool laid_out_elsewhere = output_ == Output::mermaid || output_ == Output::dot;
  const bool many = topology.clusters.size() > graph::kMostInDiagram;
  return by_ == By::mesh || (by_ == By::automatic && laid_out_elsewhere && many);
}

Exit GraphCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.be_quiet(quiet_);
  const driver::Job job = session.job();
  const driver::PictureOptions options{.file = find_source(session, source_),
                                       .against = against_,
                                       .environment = git_environment(context.environment, context.clock),
                                       .jobs = default_jobs()};
  const std::optional<graph::Topology> whole = driver::picture(job, options);
  if (!whole) return session.finish();
  const std::vector<graph::Named> names = graph::names_of(*whole);
  graph::Focus focus{.names = {}, .only_changes = only_changes_};
  for (const std::string& asked : focus_) {
    if (const auto found = graph::find(names, asked, job.sink)) focus.names.push_back(*found);
  }
  if (session.failed()) return session.finish();
  graph::Topology topology = graph::narrowed(*whole, focus);
  if (is_by_mesh(topology)) {
    if (by_ == By::automatic)
      session.say(fmt::format("{}: meshes are drawn; choose clusters with --focus, or --by cluster",
                              base::plural(topology.clusters.size(), "cluster")));
    topology = graph::by_mesh(topology);
  }
  const std::string text = render(topology);
  if (out_.empty()) {
    session.print(text);
    return session.finish();
  }
  driver::write_picture(job, out_, text, mark());
  const bool failed = session.failed();
  const Exit exit = session.finish();
  if (!failed) session.say(fmt::format("wrote {}", base::quoted(out_)));
  return exit;
}

}  // namespace meshfed::cli

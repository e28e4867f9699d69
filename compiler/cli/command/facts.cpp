#include "cli/command/facts.hpp"

#include "ask/facts_file.hpp"
#include "driver/reach.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Prints, as JSON with a version, what `trace` and `exposure` need to know and manifests do not
say: each cluster's mesh, network, trust domains, Istio version and workloads, and which
gateway is behind which address. Edit it and give it to --facts to ask about manifests of
others, or about another state.

Exit status: 0 printed; 2 the input is invalid; 4 reading failed.

Examples:
  meshfedc facts > facts.json
  meshfedc trace east-cluster httpbin.mesh.global --facts facts.json -o out)";

}  // namespace

Command FactsCommand::declare() {
  return {.name = "facts",
          .description = "Print what a federation says that its manifests do not",
          .footer = kFooter,
          .arguments = {source_argument(source_), source_option(source_)},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit FactsCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const std::string file = find_source(session, source_);
  const auto facts = driver::read_facts(session.job(), {.file = file, .jobs = default_jobs()});
  if (facts) session.print(ask::to_json(*facts));
  return session.finish();
}

}  // namespace meshfed::cli

#include "cli/command/exposure.hpp"

#include "ask/exposure.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Lists every name (SNI) that the gateways of the clusters pass, with the object that passes it
and the clusters whose proxies ask for it. Whoever reaches a gateway's address and has a
certificate that the workloads' mesh accepts can call what it passes.

Exit status: 0 the list is complete; 1 Envoy refuses a listener, or something is not
interpreted; 2 the input is invalid; 4 reading failed.

Examples:
  meshfedc exposure
  meshfedc exposure west-cluster --format json
  meshfedc exposure -o out)";

}  // namespace

Command ExposureCommand::declare() {
  std::vector<Argument> arguments{{.names = {},
                                   .meaning = "The cluster whose gateways are shown; default: all",
                                   .target = &cluster_,
                                   .value = "CLUSTER",
                                   .positional = "cluster"}};
  for (Argument& argument : reach_.declare()) arguments.push_back(std::move(argument));
  return {.name = "exposure",
          .description = "List what gateways let pass, and who needs it",
          .footer = kFooter,
          .arguments = std::move(arguments),
          .run = [this](const Context& context) { return run(context); }};
}

Exit ExposureCommand::run(const Context& context) const {
  Session session(context, reach_.diagnostics());
  const driver::Job job = session.job();
  const driver::Reach reach = driver::open_reach(job, reach_.resolved(session));
  if (!reach.world) return session.finish();
  if (!cluster_.empty() && !is_cluster(session, *reach.world, cluster_)) return session.finish();
  const ask::Exposure exposure = ask::exposure(*reach.world, cluster_);
  reach.unread->report(job);
  if (session.failed()) return session.finish();
  session.print(ask::render(exposure, reach.world->assumptions(), reach_.format));
  return session.finish(exposure.causes.empty() ? kOk : kChanged);
}

}  // namespace meshfed::cli

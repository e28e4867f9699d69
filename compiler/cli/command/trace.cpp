#include "cli/command/trace.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "ask/difference.hpp"
#include "ask/table.hpp"
#include "ask/trace.hpp"
#include "base/sorted.hpp"
#include "base/text.hpp"
#include "cli/environment.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Reads manifests as istiod and Envoy would, and follows a call from the caller's proxy to
the workloads, with each object and field that decides; of one call, only the clusters on
its way are read. Where calls end without an answer, all causes are shown: `meshfedc explain
CODE` tells more. What manifests do not say is taken from the federation, or from --facts:
see `meshfedc facts`.

FROM is a cluster, and may go on with a namespace and a service account. Without them the
caller is one that no object names. Without a port, each port of the host is called; without
a host, everything is: a table.

Answers: reached; partly, if a share of the calls ends; refused, by the server's side or for
its identity; unreachable; unresolved, if the name means nothing there; unknown, if the
answer rests on something that is not interpreted, or on a fact that is missing.

With --against, shows only the answers that differ between then and now: unreachable or
reachable; shares, if others answer, or in other shares; way, if the caller's proxy goes
another one to the same end; verdict, if calls end otherwise; unclear, if one of the answers
is unknown. A word that names a directory is one with the manifests of the clusters, of which
the facts are the same as now. Any other one is a Git revision, or the index: of that, the
federation, its facts, and with -o the directory are read.

Exit status: 0 every call is reached, a table was asked for, or nothing differs; 1 any other
answer, or differences; 2 the input is invalid; 4 reading failed.

Examples:
  meshfedc trace east-cluster httpbin.mesh.global
  meshfedc trace east-cluster/shop/web httpbin.mesh.global:8000 --format json
  meshfedc trace east-cluster
  meshfedc trace --to httpbin.mesh.global
  meshfedc trace --all -o out --format markdown
  meshfedc trace --all --against origin/main
  meshfedc trace --all -o new --against out)";

struct HostAndPort {
  std::string host;
  std::int64_t port = 0;  // 0: not given
};

HostAndPort split(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return {.host = text};
  std::int64_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
  return {.host = text.substr(0, colon), .port = error == std::errc() && stopped == end ? port : -1};
}

std::string flaw_of_host(const std::string& text) {
  constexpr std::int64_t kLastPort = 65535;
  const auto [host, port] = split(text);
  if (host.empty()) return "the host is empty";
  return port < 0 || port > kLastPort ? "the port is not a number from 1 to 65535" : "";
}

ask::Client client_of(const std::string& text) {
  const std::size_t first = std::min(text.find('/'), text.size());
  const std::size_t second = std::min(text.find('/', first + 1), text.size());
  return {.cluster = text.substr(0, first),
          .ns = text.substr(std::min(first + 1, text.size()), second - std::min(first + 1, second)),
          .account = text.substr(std::min(second + 1, text.size()))};
}

std::string flaw_of_client(const std::string& text) {
  return std::count(text.begin(), text.end(), '/') > 2 ? "it is cluster/namespace/account" : "";
}

}  // namespace

Command TraceCommand::declare() {
  std::vector<Argument> arguments{
      {.names = {},
       .meaning = "The caller: cluster[/namespace[/account]]",
       .target = &client_,
       .value = "FROM",
       .positional = "from",
       .flaw = flaw_of_client},
      {.names = {},
       .meaning = "What is called: host[:port]",
       .target = &host_,
       .value = "HOST",
       .positional = "host",
       .flaw = flaw_of_host},
      {.names = {"--to"},
       .meaning = "Ask for every caller of this host: a table",
       .target = &to_,
       .value = "HOST",
       .flaw = flaw_of_host},
      {.names = {"--all"}, .meaning = "Ask for every caller and every host: a table", .target = &all_},
      {.names = {"--against"},
       .meaning = "Show what differs from a Git revision, from the index, or from the manifests in a directory",
       .target = &against_,
       .value = "REV",
       .flaw = [](const std::string& word) -> std::string { return word.empty() ? "it is empty" : ""; }}};
  for (Argument& argument : reach_.declare()) arguments.push_back(std::move(argument));
  return {.name = "trace",
          .description = "Show where a call ends, and what decides it",
          .footer = kFooter,
          .arguments = std::move(arguments),
          .conflict = [this] { return conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

std::string TraceCommand::conflict() const {
  const int asked = (client_.empty() ? 0 : 1) + (to_.empty() ? 0 : 1) + (all_ ? 1 : 0);
  if (asked == 0) return "nothing is asked: name a caller and a host, or use --to or --all";
  if (asked > 1) return "a caller, --to and --all exclude each other";
  const bool named = client_.find('/') != std::string::npos;
  if (named && host_.empty()) return "without a host, FROM is a cluster";
  return {};
}

Exit TraceCommand::run(const Context& context) const {
  Session session(context, reach_.diagnostics());
  const driver::Job job = session.job();
  const driver::ReachOptions options = reach_.resolved(session);
  const driver::Reach reach = driver::open_reach(job, options);
  if (!reach.world) return session.finish();
  if (!against_.empty()) return compare(session, options, reach);
  if (!client_.empty() && !is_cluster(session, *reach.world, client_of(client_).cluster)) return session.finish();
  if (host_.empty()) {
    const ask::Table table(*reach.world, range());
    reach.unread->report(job);  // the table has looked at all clusters
    if (!session.failed()) {
      ask::print(table, reach_.format, reach_.options.jobs, [&](std::string_view rows) {
        if (!session.failed()) session.print(rows);
      });
    }
    return session.finish();
  }
  const std::vector<ask::Answer> answers = ask_one(*reach.world);
  reach.unread->report(job);
  if (session.failed()) return session.finish();
  session.print(ask::render(answers, reach.world->assumptions(), reach_.format));
  const bool reached = std::all_of(answers.begin(), answers.end(),
                                   [](const ask::Answer& answer) { return answer.verdict == ask::Verdict::reached; });
  return session.finish(reached ? kOk : kChanged);
}

/// The one that is given, else each that the caller sees; none if there is none, or no such caller.
std::vector<std::int64_t> TraceCommand::ports(const interpret::World& world) const {
  const auto [host, port] = split(host_);
  const ask::Client client = client_of(client_);
  if (port != 0) return {port};
  return world.find(client.cluster) ? ask::ports_of(world, client, host) : std::vector<std::int64_t>();
}

/// Each port of the host; one that nobody has, if it has none.
std::vector<ask::Answer> TraceCommand::ask_one(const interpret::World& world) const {
  const std::string host = split(host_).host;
  std::vector<std::int64_t> all = ports(world);
  if (all.empty()) all = {0};
  std::vector<ask::Answer> answers;
  for (const std::int64_t one : all)
    answers.push_back(ask::trace(world, {client_of(client_), host, one}, ask::Detail::hops));
  return answers;
}

ask::Range TraceCommand::range() const {
  const auto [host, port] = split(to_);
  return {.cluster = client_, .host = host, .port = port};
}

Exit TraceCommand::compare(Session& session, const driver::ReachOptions& options, const driver::Reach& reach) const {
  const driver::Job job = session.job();
  const git::Environment environment = git_environment(session.context().environment, session.context().clock);
  const driver::Reach before = driver::open_reach_at(job, options, against_, environment);
  if (!before.world) return session.finish();
  const std::string cluster = client_of(client_).cluster;
  if (!cluster.empty() && !before.world->find(cluster) && !is_cluster(session, *reach.world, cluster))
    return session.finish();
  ask::Difference difference;
  if (host_.empty()) {
    difference = ask::difference(*before.world, *reach.world, range(), reach_.options.jobs);
  } else {
    std::vector<std::int64_t> all = ports(*before.world);
    for (const std::int64_t one : ports(*reach.world)) all.push_back(one);
    base::sort_unique(all);
    if (all.empty()) all = {0};
    std::vector<ask::Question> questions;
    for (const std::int64_t port : all) questions.push_back({client_of(client_), split(host_).host, port});
    difference = ask::difference(*before.world, *reach.world, questions);
  }
  before.unread->report(job);
  reach.unread->report(job);
  if (session.failed()) return session.finish();
  session.print(ask::render(difference, reach.world->assumptions(), reach_.format));
  return session.finish(difference.changes.empty() ? kOk : kChanged);
}

}  // namespace meshfed::cli

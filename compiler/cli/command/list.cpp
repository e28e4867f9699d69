#include "cli/command/list.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "driver/analysis.hpp"

namespace meshfed::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1;

constexpr const char* kFooter = R"(With --discovered, lists only exports that [discover.*] found, and where.
JSON has a `version`, which changes when a program that reads it would have to.

Exit status: 0 no errors; 2 the input is invalid; 4 the input cannot be read.

Examples:
  meshfedc list
  meshfedc list --discovered
  meshfedc list --format json prod/federation.toml)";

/// One export, as both forms show it.
struct Line {
  const model::Export& exported;
  const model::ExportInfo& info;
  std::string place;  // "k8s/web.yaml:3" of what was found, else where the table is
};

std::vector<std::string> names_in(const model::Names& names) {
  std::vector<std::string> list;
  for (const model::Name& name : *names) list.push_back(*name);
  return list;
}

std::string place_of(const source::Manager& files, const source::Span& span) {
  const source::Place place = files.begin(span);
  return fmt::format("{}:{}", place.path, place.line);
}

Json json_of(const Line& line) {
  const model::Export& exported = line.exported;
  Json ports = Json::array();
  for (const model::Port& port : *exported.ports)
    ports.push_back({{"name", *port.name},
                     {"number", *port.number},
                     {"target", model::target_of(port)},
                     {"protocol", model::word(*model::protocol_of(port))}});
  Json object = {{"name", *exported.name},
                 {"host", line.info.host},
                 {"namespace", *exported.namespace_},
                 {"naming", model::word(line.info.naming)},
                 {"ports", std::move(ports)},
                 {"from", names_in(exported.from)},
                 {"merge", names_in(exported.merge)},
                 {"to", names_in(exported.to)},
                 {"service_accounts", names_in(exported.service_accounts)},
                 {"place", line.place}};
  if (exported.discovered) object["discovered_by"] = exported.discovered->table;
  return object;
}

std::string json(const std::vector<Line>& lines) {
  Json exports = Json::array();
  for (const Line& line : lines) exports.push_back(json_of(line));
  return Json{{"version", kJsonVersion}, {"exports", std::move(exports)}}.dump(2) + "\n";
}

using Cells = std::array<std::string, 6>;

Cells cells_of(const Line& line) {
  const model::Export& exported = line.exported;
  std::vector<std::string> ports;
  for (const model::Port& port : *exported.ports)
    ports.push_back(fmt::format("{}/{}", *port.number, model::word(*model::protocol_of(port))));
  const auto listed = [](const std::vector<std::string>& items) {
    return items.empty() ? std::string("-") : base::join(items, ",", 4);
  };
  return {*exported.name,
          line.info.host,
          listed(ports),
          listed(names_in(exported.from)),
          listed(names_in(exported.service_accounts)),
          exported.discovered ? fmt::format("{} ({})", line.place, exported.discovered->table) : line.place};
}

/// Columns as wide as they have to be.
std::string table(const std::vector<Line>& lines) {
  std::vector<Cells> rows = {{"EXPORT", "HOST", "PORTS", "FROM", "ACCOUNTS", "DECLARED IN"}};
  for (const Line& line : lines) rows.push_back(cells_of(line));
  std::array<std::size_t, std::tuple_size_v<Cells>> widths{};
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) text += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += row.back() + "\n";
  }
  return text;
}

}  // namespace

Command ListCommand::declare() {
  return {.name = "list",
          .description = "List the exports of a federation",
          .footer = kFooter,
          .arguments = {source_argument(source_),
                        source_option(source_),
                        {.names = {"--discovered"},
                         .meaning = "Only exports that were found in manifests ([discover.*])",
                         .target = &discovered_},
                        word_option<bool>("--format", "A table, or JSON", json_, {{"text", false}, {"json", true}})},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit ListCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const std::string file = find_source(session, source_);
  const driver::Job job = session.job();
  const std::optional<check::Checked> checked = driver::analyse(job, file, default_jobs());
  if (!checked) return session.finish();
  const model::ResolvedFederation& resolved = checked->resolved();
  std::vector<Line> lines;
  for (model::ExportId id = 0; id < resolved.exports.size(); ++id) {
    const model::Export& exported = resolved.exported(id);
    if (discovered_ && !exported.discovered) continue;
    const source::Span& span = exported.discovered ? exported.discovered->service : exported.name.span;
    lines.push_back({exported, resolved.exports[id], place_of(job.files, span)});
  }
  session.print(json_ ? json(lines) : table(lines));
  return session.finish();
}

}  // namespace meshfed::cli

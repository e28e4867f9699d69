#include "cli/command/requirements.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "driver/analysis.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Prints, for each cluster, what must be true of its Istio, its network, and gateways that
others deploy: nothing of this is written by `build`, and nothing is looked at. With
--upgrade or --rotate-root, prints the steps instead. JSON has a `version`, which changes
when a program that reads it would have to; `schema requirements` describes it.

Exit status: 0 no errors; 2 the input is invalid; 4 the input cannot be read.

Examples:
  meshfedc requirements
  meshfedc requirements --cluster east-cluster --format markdown
  meshfedc requirements --upgrade east-cluster=1.31.1
  meshfedc requirements --rotate-root west-mesh)";

/// "1.31" or "1.31.1"; none for anything else.
std::optional<model::IstioVersion> version_of(std::string_view text) {
  const auto& words = model::kWords<model::Istio>;
  for (std::size_t i = 0; i < std::size(words); ++i) {
    const model::IstioVersion minor{static_cast<model::Istio>(i), std::nullopt};
    if (text == words[i]) return minor;
    if (!text.starts_with(words[i]) || text[words[i].size()] != '.') continue;
    const std::string_view patch = text.substr(words[i].size() + 1);
    const bool digits = !patch.empty() && patch.size() <= 3 && patch.find_first_not_of("0123456789") == patch.npos;
    if (digits) return model::IstioVersion{minor.minor, std::stoi(std::string(patch))};
  }
  return std::nullopt;
}

std::string flaw_of_upgrade(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || !version_of(std::string_view(text).substr(equals + 1)))
    return fmt::format("write CLUSTER=VERSION, such as east=1.31.1, not {}", text);
  return "";
}

template <class Table>
void report_unknown(diag::Sink& sink, const std::vector<Table>& tables, const std::string& name, bool mesh) {
  std::vector<std::string_view> names;
  for (const Table& table : tables) names.push_back(*table.name);
  diag::Report& report =
      mesh ? sink.report({}, diag::UnknownMeshArgument, name) : sink.report({}, diag::UnknownClusterArgument, name);
  const auto near = base::closest(name, names);
  report.advise(near ? fmt::format("did you mean `{}`?", *near)
                     : fmt::format("declared names: {}", base::join(names, ", ", 20)));
}

}  // namespace

Command RequirementsCommand::declare() {
  return {.name = "requirements",
          .description = "Print what clusters need besides what is written",
          .footer = kFooter,
          .arguments = {source_argument(source_),
                        source_option(source_),
                        clusters_option(clusters_),
                        {.names = {"--upgrade"},
                         .meaning = "The steps to another Istio version of a cluster",
                         .target = &upgrade_,
                         .value = "CLUSTER=VERSION",
                         .flaw = flaw_of_upgrade},
                        {.names = {"--rotate-root"},
                         .meaning = "The steps to another root certificate of a mesh",
                         .target = &rotate_,
                         .value = "MESH"},
                        word_option<Output>(
                            "--format", "Output format", output_,
                            {{"text", Output::text}, {"json", Output::json}, {"markdown", Output::markdown}})},
          .conflict = [this] { return source_.conflict(); },
          .run = [this](const Context& context) { return run(context); }};
}

Exit RequirementsCommand::run(const Context& context) const {
  Session session(context, Format::text);
  const std::string file = find_source(session, source_);
  const std::optional<check::Checked> checked = driver::analyse(session.job(), file, default_jobs());
  session.sink().drop_warnings([](const diag::Report&) { return true; });  // `validate` prints them
  if (!checked) return session.finish();
  const require::Requirements all = find(session, *checked);
  if (session.failed()) return session.finish();
  switch (output_) {
    case Output::text:
      session.print(require::render_text(all));
      break;
    case Output::json:
      session.print(require::render_json(all));
      break;
    case Output::markdown:
      session.print(require::render_markdown(all));
      break;
  }
  return session.finish();
}

require::Requirements RequirementsCommand::find(Session& session, const check::Checked& checked) const {
  require::Requirements all;
  const bool steps_only = clusters_.empty() && !(upgrade_.empty() && rotate_.empty());
  if (!steps_only) {
    for (const model::ClusterId id :
         driver::select(checked.resolved(), {.clusters = clusters_, .shard = {}}, session.sink()))
      all.clusters.push_back(require::requirements_of(checked, id));
  }
  if (!upgrade_.empty()) add_upgrade(session, checked, all);
  if (!rotate_.empty()) add_rotation(session, checked, all);
  return all;
}

void RequirementsCommand::add_upgrade(Session& session, const check::Checked& checked,
                                      require::Requirements& all) const {
  const std::size_t equals = upgrade_.find('=');
  const std::string name = upgrade_.substr(0, equals);
  const std::optional<model::IstioVersion> to = version_of(std::string_view(upgrade_).substr(equals + 1));
  const model::ResolvedFederation& resolved = checked.resolved();
  const model::ClusterId id = resolved.find_cluster(name);
  if (id == model::kNone) return report_unknown(session.sink(), resolved.federation.clusters, name, false);
  const model::IstioVersion& from = *resolved.clusters[id].settings.istio;
  const bool later = from.minor < to->minor || (from.minor == to->minor && from.patch < to->patch);
  if (!later) {
    session.sink().report(resolved.cluster(id).name.span, diag::NotAnUpgrade, name, model::word(from),
                          model::word(*to));
    return;
  }
  all.procedures.push_back(require::upgrade(checked, id, *to));
}

void RequirementsCommand::add_rotation(Session& session, const check::Checked& checked,
                                       require::Requirements& all) const {
  const model::MeshId mesh = checked.resolved().find_mesh(rotate_);
  if (mesh == model::kNone) return report_unknown(session.sink(), checked.resolved().federation.meshes, rotate_, true);
  all.procedures.push_back(require::rotate_root(checked, mesh));
}

}  // namespace meshfed::cli

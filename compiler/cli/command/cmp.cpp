#include "cli/command/cmp.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "driver/report.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(See examples/argocd/ for the plugin.yaml, the sidecar and an ApplicationSet.

Examples:
  meshfedc cmp generate --cluster east-cluster
  meshfedc cmp parameters)";

constexpr const char* kGenerateFooter =
    R"(In Argo CD's sidecar, the Application's parameters replace the options: `cluster` is read
from PARAM_CLUSTER, `config` (the main file) from PARAM_CONFIG, and `part` from PARAM_PART:
`federation`, or `install` for what installs istiod. Options on the command line, which
plugin.yaml sets, take precedence over parameters.
With KUBE_API_VERSIONS, it warns about types that the target cluster does not serve.

Exit status: 0 success; 2 the input is invalid, or the cluster gets no objects; 3 the
Application may not render the cluster; 4 reading or writing failed; 64 the command line
is invalid.

Examples:
  meshfedc cmp generate --cluster east-cluster
  PARAM_CLUSTER=east-cluster PARAM_CONFIG=prod.toml meshfedc cmp generate
  ARGOCD_APP_NAME=mesh-east PARAM_CLUSTER=east meshfedc cmp generate --application 'mesh-{cluster}')";

constexpr const char* kParametersFooter =
    R"(Lists the clusters of the federation in the main file, which the parameter `config` may name.

Examples:
  meshfedc cmp parameters
  PARAM_CONFIG=prod.toml meshfedc cmp parameters)";

constexpr std::string_view kFederation = "federation", kInstall = "install";
constexpr std::string_view kPlaceholder = "{cluster}";
// Standard error becomes a condition of the Application, which people read in a narrow column.
constexpr std::size_t kShownReports = 5;
constexpr std::size_t kShownNames = 20;
constexpr source::Span kNowhere;

/// An option if it is given, else the Application's parameter, else what holds by default.
std::string setting(const std::string& option, const Context& context, std::string_view variable,
                    std::string_view otherwise) {
  if (!option.empty()) return option;
  const std::string_view parameter = value_of(context.environment, variable);
  return std::string(parameter.empty() ? otherwise : parameter);
}

/// Whether a path is relative and does not climb, as written; where links lead is another question.
bool stays_below(std::string_view path) {
  if (path.starts_with('/')) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return true;
}

/// What makes the installation of a cluster nothing that Argo CD can apply; empty: nothing.
std::string_view not_for_argo(const model::Install& install) {
  if (*install.by == model::Installer::istioctl) return "a file for `istioctl`";
  if (*install.by == model::Installer::helm && *install.apply == model::Applier::none)
    return "values for `helm install`";
  return "";
}

/// Whether the cluster has that part, and Argo CD can apply it.
bool can_apply(Session& session, const model::ResolvedFederation& resolved, model::ClusterId id, driver::Part part) {
  if (part == driver::Part::federation) return true;
  const auto& name = resolved.cluster(id).name;
  if (!resolved.installs(id)) {
    session.sink().report(name.span, diag::NothingToInstall, *name);
    return false;
  }
  const model::Value<model::Install>& install = resolved.clusters[id].settings.install;
  const std::string_view why = not_for_argo(*install);
  if (!why.empty()) session.sink().report(install.span, diag::NotForArgo, *name, why);
  return why.empty();
}

std::vector<std::string_view> cluster_names(const check::Checked& checked) {
  std::vector<std::string_view> names;
  for (const auto& cluster : checked.resolved().federation.clusters) names.push_back(*cluster.name);
  return names;
}

std::string declared(const std::vector<std::string_view>& names) {
  return fmt::format("declared clusters: {}", base::join(names, ", ", kShownNames));
}

/// Types such as `gateway.networking.k8s.io/v1/TLSRoute`, and group versions such as `v1`. A group version whose types
/// are not listed one by one stands for all of them.
class ServedTypes {
 public:
  explicit ServedTypes(std::string_view list) {
    for (std::size_t begin = 0; begin < list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const std::string_view entry = list.substr(begin, end - begin);
      if (!entry.empty()) entries_.insert(entry);
      begin = end + 1;
    }
  }

  bool known() const { return !entries_.empty(); }

  bool has(std::string_view type) const {
    if (entries_.contains(type)) return true;
    const std::string group_version(type.substr(0, type.rfind('/')));
    if (!entries_.contains(group_version)) return false;
    const auto first = entries_.lower_bound(group_version + "/");
    return first == entries_.end() || !first->starts_with(group_version + "/");
  }

 private:
  std::set<std::string_view, std::less<>> entries_;
};

void warn_of_unserved(Session& session, const check::Checked& checked, model::ClusterId cluster, driver::Part part) {
  const ServedTypes served(value_of(session.context().environment, "KUBE_API_VERSIONS"));
  if (!served.known()) return;
  const auto& name = checked.resolved().cluster(cluster).name;
  for (const std::string& type : driver::types(checked, cluster, part)) {
    if (!served.has(type)) session.sink().report(name.span, diag::TypeNotServed, *name, type);
  }
}

Exit finish(Session& session) {
  if (session.sink().errors() > 0) session.sink().drop_warnings([](const diag::Report&) { return true; });
  return session.finish();
}

}  // namespace

Command CmpCommand::declare() {
  return {.name = "cmp",
          .description = "Serve Argo CD as a config management plugin",
          .footer = kFooter,
          .commands = {declare_generate(), declare_parameters()}};
}

Argument CmpCommand::file_option() {
  return {.names = {"-f", "--file"},
          .meaning = "The main file, below the working directory; default: federation.toml",
          .target = &file_,
          .value = "PATH"};
}

Command CmpCommand::declare_generate() {
  const Argument cluster{.names = {"--cluster"},
                         .meaning = "The cluster to render; default: the parameter `cluster`",
                         .target = &cluster_,
                         .value = "NAME"};
  const Argument application{
      .names = {"--application"},
      .meaning = "Refuse unless ARGOCD_APP_NAME equals this pattern, in which {cluster} stands for the cluster's name",
      .target = &application_,
      .value = "PATTERN",
      .flaw = [](const std::string& pattern) -> std::string {
        return pattern.find(kPlaceholder) == std::string::npos ? "the pattern does not contain {cluster}" : "";
      }};
  const Argument part{
      .names = {"--part"},
      .meaning = "What to render: federation, or install; default: the parameter `part`, else federation",
      .target = &part_,
      .value = "PART"};
  return {.name = "generate",
          .description = "Print one cluster's objects as a YAML stream",
          .footer = kGenerateFooter,
          .arguments = {file_option(), cluster, part, application},
          .run = [this](const Context& context) { return run(context, &CmpCommand::generate); }};
}

Command CmpCommand::declare_parameters() {
  return {.name = "parameters",
          .description = "Print the parameters that an Application may set, as JSON",
          .footer = kParametersFooter,
          .arguments = {file_option()},
          .run = [this](const Context& context) { return run(context, &CmpCommand::parameters); }};
}

Exit CmpCommand::run(const Context& context, Answer answer) const {
  const base::Result<std::string> here = context.fs.canonical(".");
  base::ConfinedFs fs(context.fs, here.ok() ? here.value : "");
  Session session(context, Format::text, kShownReports);
  if (here.ok()) return (this->*answer)(session, fs);
  session.sink().report(kNowhere, diag::CannotRead, ".", driver::error_text(here.error));
  return finish(session);
}

/// The federation, from below the working directory.
std::optional<check::Checked> CmpCommand::analyse(Session& session, base::ConfinedFs& fs) const {
  const std::string file = setting(file_, session.context(), "PARAM_CONFIG", kDefaultSource);
  const base::Result<std::string> real = fs.canonical(file);
  if (!stays_below(file) || (real.ok() && !fs.holds(real.value))) {
    session.sink().report(kNowhere, diag::SourceOutside, base::escaped(file));
    return std::nullopt;
  }
  return driver::analyse(session.job().reading_from(fs), file, 1);  // no threads
}

std::optional<model::ClusterId> CmpCommand::chosen(Session& session, const check::Checked& checked) const {
  const std::vector<std::string_view> names = cluster_names(checked);
  const std::string cluster = setting(cluster_, session.context(), "PARAM_CLUSTER", "");
  if (cluster.empty()) {
    session.sink()
        .report(kNowhere, diag::NoClusterParameter)
        .advise(fmt::format("set it to one of the {}", declared(names)));
    return std::nullopt;
  }
  const model::ClusterId id = checked.resolved().find_cluster(cluster);
  if (id != model::kNone) return id;
  diag::Report& report = session.sink().report(kNowhere, diag::UnknownClusterParameter, base::escaped(cluster));
  const auto near = base::closest(cluster, names);
  report.advise(near ? fmt::format("did you mean `{}`? {}", *near, declared(names)) : declared(names));
  return std::nullopt;
}

std::optional<driver::Part> CmpCommand::chosen_part(Session& session) const {
  const std::string part = setting(part_, session.context(), "PARAM_PART", kFederation);
  if (part == kFederation) return driver::Part::federation;
  if (part == kInstall) return driver::Part::install;
  session.sink().report(kNowhere, diag::UnknownPart, base::escaped(part));
  return std::nullopt;
}

/// Whether the Application is the one that the plugin lets render this cluster.
bool CmpCommand::may_render(Session& session, const std::string& cluster) const {
  if (application_.empty()) return true;
  std::string wanted = application_;
  wanted.replace(wanted.find(kPlaceholder), kPlaceholder.size(), cluster);
  const std::string_view application = value_of(session.context().environment, "ARGOCD_APP_NAME");
  if (application == wanted) return true;
  session.sink().report(kNowhere, diag::WrongApplication, base::escaped(application), cluster, base::escaped(wanted));
  return false;
}

Exit CmpCommand::generate(Session& session, base::ConfinedFs& fs) const {
  const std::optional<check::Checked> checked = analyse(session, fs);
  if (!checked) return finish(session);
  const std::optional<model::ClusterId> cluster = chosen(session, *checked);
  const std::optional<driver::Part> part = chosen_part(session);
  if (!cluster || !part) return finish(session);
  const auto& name = checked->resolved().cluster(*cluster).name;
  if (!may_render(session, *name)) return finish(session);
  if (!can_apply(session, checked->resolved(), *cluster, *part)) return finish(session);
  const std::string stream = driver::stream(*checked, *cluster, *part);
  if (stream.empty()) {
    session.sink().report(name.span, diag::NothingToApply, *name);
    return finish(session);
  }
  warn_of_unserved(session, *checked, *cluster, *part);
  session.print(stream);
  return finish(session);
}

Exit CmpCommand::parameters(Session& session, base::ConfinedFs& fs) const {
  const std::optional<check::Checked> checked = analyse(session, fs);
  if (!checked) return finish(session);
  const std::string names = base::join(cluster_names(*checked), ", ");
  // https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/ lists the fields. Argo CD sends
  // no default that is announced, so `string` says what holds without the parameter.
  const nlohmann::ordered_json list = {{{"name", "cluster"},
                                        {"title", "Cluster"},
                                        {"tooltip", fmt::format("One of: {}", names)},
                                        {"required", true},
                                        {"itemType", "string"},
                                        {"collectionType", "string"}},
                                       {{"name", "config"},
                                        {"title", "Main file"},
                                        {"tooltip", "A path below the Application's path, without `..`"},
                                        {"required", false},
                                        {"itemType", "string"},
                                        {"collectionType", "string"},
                                        {"string", kDefaultSource}},
                                       {{"name", "part"},
                                        {"title", "Part"},
                                        {"tooltip", "federation: the objects of the federation; install: its istiod"},
                                        {"required", false},
                                        {"itemType", "string"},
                                        {"collectionType", "string"},
                                        {"string", kFederation}}};
  session.print(list.dump(2) + "\n");
  return finish(session);
}

}  // namespace meshfed::cli

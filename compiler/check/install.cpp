// How istiod is installed.
#include <algorithm>

#include <fmt/core.h>

#include "check/rules.hpp"
#include "model/naming.hpp"

namespace meshfed::check {
namespace {

using model::Applier;
using model::CacertsFrom;
using model::Install;
using model::Installer;
using model::Istio;
using model::ResolvedFederation;
using model::Settings;
using model::UpdateStrategy;

/// As known on 2026-11-29: the newest patch of each minor.
constexpr int kNewestPatch[] = {8, 9, 10, 7, 4, 1, 0};
static_assert(std::size(kNewestPatch) == std::size(model::kWords<Istio>));

// MF1201: what is installed is one version.
void versions_are_exact(const Settings& settings, diag::Sink& sink) {
  if (!settings.istio.given() || settings.istio->patch) return;
  const std::string newest = fmt::format("{}.{}", model::word(settings.istio->minor),
                                         kNewestPatch[static_cast<std::size_t>(settings.istio->minor)]);
  sink.report(settings.istio.span, diag::InstallNeedsPatch, model::word(*settings.istio))
      .note(settings.install.span, "declared here")
      .advise(fmt::format("name the version to install, such as `{}`", newest))
      .replace(settings.istio.span, fmt::format("\"{}\"", newest));
}

// MF1202: what Argo CD or Flux applies is a chart.
void appliers_have_charts(const Install& install, diag::Sink& sink) {
  if (!install.apply.given() || *install.apply == Applier::none || *install.by == Installer::helm) return;
  sink.report(install.apply.span, diag::ApplyWithoutCharts, model::word(*install.apply), model::word(*install.by))
      .replace(install.by.span, "\"helm\"");
}

// MF1203: update strategies are the Sail operator's.
void strategies_are_the_operators(const Install& install, diag::Sink& sink) {
  if (!install.update.given() || *install.by == Installer::sail) return;
  sink.report(install.update.span, diag::UpdateWithoutOperator, model::word(*install.by))
      .replace(install.by.span, "\"sail\"");
}

// MF1204: the Sail operator installs the version. Its list of versions is that of 2026-11-29.
void operator_knows_the_version(const Settings& settings, diag::Sink& sink) {
  if (*settings.install->by != Installer::sail || !settings.istio.given() || *settings.istio >= Istio::v1_29) return;
  sink.report(settings.istio.span, diag::SailEndOfLife, model::word(*settings.istio))
      .note(settings.install.span, "declared here");
}

// MF1205: with a revision for each version, the operator names it.
void revisions_are_the_operators(const Settings& settings, diag::Sink& sink) {
  const Install& install = *settings.install;
  if (*install.by != Installer::sail || *install.update != UpdateStrategy::revision_based) return;
  if (!settings.istio.given() || !settings.istio->patch || settings.revision.bad()) return;
  const std::string suffix = model::sail_revision_suffix(*settings.istio);
  if (!settings.revision.given()) {
    sink.report(install.update.span, diag::RevisionOfOperator, "default" + suffix, "is not set")
        .advise(fmt::format("add `revision = \"default{}\"`", suffix));
  } else if (!settings.revision->ends_with(suffix) || settings.revision->size() == suffix.size()) {
    sink.report(settings.revision.span, diag::RevisionOfOperator, "<name>" + suffix,
                fmt::format("is \"{}\"", *settings.revision))
        .note(install.update.span, "the operator adds the version here")
        .replace(settings.revision.span, fmt::format("\"{}{}\"", *settings.revision, suffix));
  }
}

/// What a way to get `cacerts` takes: the key that it cannot do without, and another one.
struct Takes {
  const model::Name* needed = nullptr;
  std::string_view name;  // of the needed key
};

Takes taken_by(const model::Cacerts& cacerts) {
  switch (*cacerts.from) {
    case CacertsFrom::none:
      return {};
    case CacertsFrom::external_secret:
      return {&cacerts.store, "store"};
    case CacertsFrom::cert_manager:
    case CacertsFrom::istio_csr:
      return {&cacerts.issuer, "issuer"};
  }
  return {};
}

// MF1212, MF1213: the table says what that way takes, and nothing else.
void cacerts_are_complete(const model::Value<model::Cacerts>& cacerts, diag::Sink& sink) {
  if (!cacerts.given()) return;
  const std::string_view from = model::word(*cacerts->from);
  const Takes takes = taken_by(*cacerts);
  if (takes.needed && takes.needed->state == model::State::absent)
    sink.report(cacerts->from.span, diag::CacertsIncomplete, from, takes.name);
  const bool external = *cacerts->from == CacertsFrom::external_secret;
  const auto unused = [&](const model::Name& key, std::string_view name, bool used) {
    if (key.given() && !used) sink.report(key.span, diag::CacertsKeyUnused, name, from);
  };
  unused(cacerts->store, "store", external);
  unused(cacerts->key, "key", external);
  unused(cacerts->issuer, "issuer", takes.needed == &cacerts->issuer);
}

bool writes_an_object(CacertsFrom from) {
  return from == CacertsFrom::external_secret || from == CacertsFrom::cert_manager;
}

// MF1214, MF1215: what is declared of `cacerts` is written, where it can be applied.
void cacerts_are_written(const ResolvedFederation& resolved, model::ClusterId id, diag::Sink& sink) {
  if (!resolved.clusters[id].usable()) return;
  const model::Value<model::Cacerts>& cacerts = resolved.cacerts(resolved.clusters[id].mesh);
  if (!cacerts.given() || *cacerts->from == CacertsFrom::none) return;
  const model::Value<Install>& install = resolved.clusters[id].settings.install;
  if (install.bad()) return;
  const std::string& name = *resolved.cluster(id).name;
  if (!resolved.installs(id)) {
    sink.report(cacerts.span, diag::CacertsWithoutInstall, name).about_cluster(id);
  } else if (writes_an_object(*cacerts->from) && *install->apply == Applier::argocd) {
    sink.report(cacerts.span, diag::CacertsByArgo, model::word(*cacerts->from))
        .note(install.span, "Applications are applied where Argo CD runs");
  }
}

}  // namespace

void check_install(const ResolvedFederation& resolved, diag::Sink& sink) {
  cacerts_are_complete(resolved.federation.trust->cacerts, sink);
  for (const model::Mesh& mesh : resolved.federation.meshes) cacerts_are_complete(mesh.cacerts, sink);
  for (model::ClusterId id = 0; id < resolved.clusters.size(); ++id) {
    cacerts_are_written(resolved, id, sink);
    const Settings& settings = resolved.clusters[id].settings;
    if (!settings.install.given()) continue;
    appliers_have_charts(*settings.install, sink);
    strategies_are_the_operators(*settings.install, sink);
    if (*settings.install->by == Installer::none) continue;
    versions_are_exact(settings, sink);
    operator_knows_the_version(settings, sink);
    revisions_are_the_operators(settings, sink);
  }
}

}  // namespace meshfed::check

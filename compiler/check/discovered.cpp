#include <fmt/core.h>

#include "check/rules.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::Doubt;
using model::Export;
using model::ExportId;
using model::ExportInfo;

/// MF0454, MF0496, MF0497, MF0498: what was found is all of what the Service offers. Where [export.NAME] says it,
/// nothing is in doubt.
void report(const Doubt& doubt, const Export& exported, const ExportInfo& info, ExportId id, diag::Sink& sink) {
  using enum Doubt::Kind;
  const std::string& name = *exported.name;
  const bool service = info.naming == model::Naming::service;
  switch (doubt.kind) {
    case no_selector:  // with naming `global` it is an error, MF0408
      if (service && exported.selector.state == model::State::absent)
        sink.report(doubt.span, diag::ServiceWithoutPods, name).about_export(id);
      return;
    case headless:
      sink.report(doubt.span, diag::HeadlessService, name).about_export(id);
      return;
    case port_left_out:
      sink.report(doubt.span, diag::DiscoveredPortLeftOut, doubt.text, name).about_export(id);
      return;
    case several_accounts:
      sink.report(doubt.span, diag::SeveralAccountsFound, name, doubt.text).about_export(id);
      return;
  }
}

}  // namespace

void check_discovered(const model::ResolvedFederation& resolved, diag::Sink& sink) {
  resolve::each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (!exported.discovered) return;
    for (const Doubt& doubt : exported.discovered->doubts) report(doubt, exported, info, id, sink);
  });
}

}  // namespace meshfed::check

#include "check/useless_keys.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace meshfed::check {

const UselessKeys::Key& UselessKeys::first() const {
  return *std::ranges::min_element(keys_, source::before, [](const Key& key) { return key.span; });
}

void UselessKeys::explain(diag::Report& report) const {
  for (const Key& key : keys_) {
    if (key.name != first().name) report.note(key.span, fmt::format("nor has `{}.{}`", table_, key.name));
  }
  if (deploy_.given()) report.note(deploy_.span, "declared here");
  const std::string_view them = keys_.size() == 1 ? "it" : "them";
  const std::string_view how = deploy_.given() ? "write" : "add";
  if (*deploy_)
    report.advise(
        fmt::format("if the gateway exists already, {} `{}.deploy = false`; if not, remove {}", how, table_, them));
  else
    report.advise(fmt::format("remove {}", them));
}

}  // namespace meshfed::check

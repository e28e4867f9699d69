// What an export's objects select its pods by.
#pragma once

#include <algorithm>
#include <map>
#include <string_view>

#include "model/naming.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::check {

using Labels = std::map<std::string_view, std::string_view>;

inline Labels labels_of(const model::Selectors& selectors) {
  if (selectors.canonical_name.given()) return {{model::kCanonicalNameLabel, *selectors.canonical_name}};
  Labels labels;
  for (const auto& [key, value] : *selectors.selector) labels.emplace(*key, *value);
  return labels;
}

/// `selector` takes whatever carries `labels`.
inline bool selects(const Labels& selector, const Labels& labels) {
  return std::includes(labels.begin(), labels.end(), selector.begin(), selector.end());
}

/// What selects the pods is said, once, and was not reported.
inline bool selects_pods(const model::Selectors& selectors) {
  return selectors.canonical_name.given() != selectors.selector.given() && selectors.canonical_name.usable() &&
         selectors.selector.usable();
}

/// Where the selection of the pods is said.
inline const source::Span& selection_span(const model::Selectors& selectors) {
  return selectors.canonical_name.given() ? selectors.canonical_name.span : selectors.selector.span;
}

}  // namespace meshfed::check

// toml++ says that something is defined twice, but not where it was first: this looks.
#pragma once

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

/// Reports MF0102 (or MF0103 if `extended`: something complete gets another key) for the key or header on the line of
/// `at`, with a note on the first definition if it is spelled the same.
void report_duplicate(const source::Manager& files, const source::Span& at, bool extended, diag::Sink& sink);

}  // namespace meshfed::parse

// Several edits of one file as the one that a report can carry.
#pragma once

#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::syntax {

struct Edit {
  source::Span span;
  std::string text;
};

/// Gives the report one fix that makes all the edits, which do not overlap. None if that would repeat so much of the
/// file that nobody reads it.
void fix_with(diag::Report& report, const source::Manager& files, std::vector<Edit> edits);

/// Takes a key and its value away: with the comma beside it in an inline table, else with the rest of its line.
Edit removal(const source::Manager& files, const source::Span& statement);

/// Where a line is added below the header that `header` spans.
source::Span below(const source::Manager& files, const source::Span& header);

}  // namespace meshfed::syntax

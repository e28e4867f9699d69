// The catalog as text: what `meshfedc explain` prints.
#pragma once

#include <string>

#include "diag/catalog.hpp"

namespace meshfed::diag {

/// One diagnostic at length: name, words, the reason, what is wrong and what is right. Lines of prose are at most
/// kExplainColumns wide. Ends in one line feed.
std::string explain(const Row& row, bool color = false);

/// All diagnostics, a line each, by ascending code.
std::string explain_list();

constexpr std::size_t kExplainColumns = 88;

/// A row's message or format string as a reader sees it: `…` where something is filled in.
std::string shown_pattern(std::string_view format);

/// Prose in lines of at most `columns`, words longer than that excepted. Paragraphs are separated by blank lines; a
/// line that begins with a blank is kept as it is.
std::string wrap(std::string_view prose, std::size_t columns);

}  // namespace meshfed::diag

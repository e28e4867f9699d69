// Reports for people: one line that editors and grep understand, the guilty source line with carets, facts, help.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::diag {

struct TextOptions {
  bool color = false;       // ANSI colours
  std::size_t limit = 100;  // reports shown; when there are more, errors go before warnings, and the rest is counted
};

/// The reports in the sink's order, so call Sink::finish first; then a line that counts them. Empty for an empty sink.
/// Ends in one line feed. Every span's file must be one of `files`. Whatever messages, paths and source lines hold, no
/// control character but the line feeds and colours made here comes out.
std::string render_text(const Sink& sink, const source::Manager& files, const TextOptions& options = {});

/// What to do about a report in words, apart from its fix: its own help, else the row's unless a fix says it better.
/// May be empty. The view lives as long as the report.
std::string_view help_of(const Report& report);

/// What follows a report's message, a line each: "note: a.toml:1:2: declared here", "help: replace it with `x`". Of
/// help in several lines, each is an item; they are not escaped.
std::vector<std::string> remarks_of(const Report& report, const source::Manager& files);

/// A report's fix, which it must have, in words: "replace it with `x`".
std::string fix_text(const Report& report, const source::Manager& files);

/// "2 errors, 1 warning"; empty for an empty sink.
std::string count_of(const Sink& sink);

}  // namespace meshfed::diag

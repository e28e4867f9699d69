// Text to tree: the only place that knows toml++.
#pragma once

#include <optional>
#include <string_view>

#include "diag/sink.hpp"
#include "parse/node.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

/// Reports what makes `text` unreadable as TOML at all: UTF-16, a NUL byte, bytes that are not UTF-8, nesting too deep.
/// True if there was nothing to report.
bool text_is_readable(const source::Manager& files, source::FileId file, diag::Sink& sink);

/// The tree of a readable file; none, and one report, if its syntax is wrong. toml++ stops at the first mistake, so
/// this is the one stage that does.
std::optional<Node> read_document(const source::Manager& files, source::FileId file, diag::Sink& sink);

}  // namespace meshfed::parse

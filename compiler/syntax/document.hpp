// Text to tree: the only place that knows toml++.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "diag/sink.hpp"
#include "source/manager.hpp"
#include "syntax/node.hpp"

namespace meshfed::syntax {

/// Reports what makes `text` unreadable as TOML at all: UTF-16, a NUL byte, bytes that are not UTF-8, nesting too deep.
/// True if there was nothing to report.
bool text_is_readable(const source::Manager& files, source::FileId file, diag::Sink& sink);

/// Where a text is no TOML, and what toml++ says about it.
struct SyntaxError {
  std::size_t offset = 0;
  std::string description;
};

/// The first mistake; none if the text is TOML.
std::optional<SyntaxError> syntax_error(std::string_view text);

/// The tree of `text`, which stands at the same lines and columns as in the file; else none, and why.
std::optional<Node> tree_of(const source::Manager& files, source::FileId file, std::string_view text,
                            SyntaxError& error);

/// The value that `text` is, with spans that mean nothing; none if it is none.
std::optional<Node> parse_value(std::string_view text);

}  // namespace meshfed::syntax

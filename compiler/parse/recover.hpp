// A whole file, mistakes of syntax and all.
#pragma once

#include <optional>

#include "diag/sink.hpp"
#include "source/manager.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

/// The tree of a readable file. Whatever is no TOML, or defines something twice, is reported and left out: what it
/// would have been is marked unreadable, and tables that may lack something because of it incomplete. None if the file
/// is something else altogether.
std::optional<syntax::Node> read_document(const source::Manager& files, source::FileId file, diag::Sink& sink);

}  // namespace meshfed::parse

// Reports what is no TOML: as what it is recognized, or as toml++ puts it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "source/manager.hpp"
#include "syntax/outline.hpp"

namespace meshfed::parse {

/// Reports MF0101 for statements one after another that are of one kind, of which `count` begin at `first`. The report
/// has a fix if it makes all of them what their keys take.
void report_statements(const source::Manager& files, source::FileId file,
                       const std::vector<syntax::Statement>& statements, std::size_t first, std::size_t count,
                       diag::Sink& sink);

/// The error that toml++ describes so at an offset of the file: MF0101.
void report_syntax(const source::Manager& files, source::FileId file, std::size_t offset, std::string_view description,
                   diag::Sink& sink);

}  // namespace meshfed::parse

// What is defined a second time, and where it was first: toml++ says neither exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "diag/sink.hpp"
#include "source/manager.hpp"
#include "syntax/outline.hpp"

namespace meshfed::syntax {

/// Reports MF0102, or MF0103 if something that is complete gets another key, for the statement at `index`: it defines
/// again what one of those before it does. `gone`: statements that do not count.
void report_duplicate(const source::Manager& files, source::FileId file, const std::vector<Statement>& statements,
                      const std::vector<bool>& gone, std::size_t index, diag::Sink& sink);

/// True if the statement at `index` defines again what one of those before it does.
bool defines_again(const std::vector<Statement>& statements, const std::vector<bool>& gone, std::size_t index);

/// True if toml++ means a second definition by that.
bool is_duplicate(std::string_view description);

}  // namespace meshfed::syntax

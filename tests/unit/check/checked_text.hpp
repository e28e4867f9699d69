// What the rules say about a federation.toml, as lines that a test can compare.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Lines = std::vector<std::string>;

/// "MF0410 "west-2"": code and guilty bytes of each report whose code lies in [first, last], in the order of the file.
Lines found(MemoryFs& fs, int first, int last);
Lines found(const std::string& toml, int first, int last);

/// What is said of the file once the edit of its first report of `code` is made as it is printed; "no edit" without
/// one.
Lines mended(const std::string& toml, int code);

/// The help of the first report of `code`.
std::string help_for(const std::string& toml, int code);

/// `text` with its one occurrence of `from` replaced.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error(fmt::format("there is no `{}`", from));
  return text.replace(at, from.size(), to);
}

}  // namespace meshfed::testing

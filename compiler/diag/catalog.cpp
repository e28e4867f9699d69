#include "diag/catalog.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/core.h>

namespace meshfed::diag {
namespace {

// Not a std::array: clang 14 would nest its templates as deep as there are rows, and gives up at 256.
constexpr Row kRows[] = {
#define MF_DIAG(CODE, NAME, ...) NAME##Row::kRow,
#include "diag/catalog/all.def"
#undef MF_DIAG
};

constexpr bool ascending() {
  for (std::size_t i = 1; i < std::size(kRows); ++i) {
    if (kRows[i - 1].code >= kRows[i].code) return false;
  }
  return true;
}
static_assert(ascending(), "catalog rows stand in ascending order of their codes, and no code stands twice");

}  // namespace

std::span<const Row> catalog() { return kRows; }

const Row* find_row(std::string_view code) {
  if (code.size() > 2 && (code[0] == 'M' || code[0] == 'm') && (code[1] == 'F' || code[1] == 'f'))
    code.remove_prefix(2);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (error != std::errc() || end != code.data() + code.size()) return nullptr;
  const auto row = std::lower_bound(std::begin(kRows), std::end(kRows), number,
                                    [](const Row& r, std::uint16_t wanted) { return r.code < wanted; });
  return row != std::end(kRows) && row->code == number ? row : nullptr;
}

std::string code_text(std::uint16_t code) { return fmt::format("MF{:04}", code); }

}  // namespace meshfed::diag

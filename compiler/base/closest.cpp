#include "base/closest.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/ascii.hpp"

namespace meshfed::base {
namespace {

bool same(char a, char b) { return to_lower(a) == to_lower(b); }

// Equal ends cost nothing, and most names share one.
void strip_common_ends(std::string_view& a, std::string_view& b) {
  while (!a.empty() && !b.empty() && same(a.front(), b.front())) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && same(a.back(), b.back())) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
}

// Three rows of the table, each of `width` cells; on the stack for names, which have at most 63 bytes.
class Rows {
 public:
  explicit Rows(std::size_t width) {
    std::size_t* cells = small_.data();
    if (3 * width > small_.size()) {
      large_.resize(3 * width);
      cells = large_.data();
    }
    before_ = cells;
    above_ = cells + width;
    row_ = cells + 2 * width;
  }

  void advance() {
    std::swap(before_, above_);
    std::swap(above_, row_);
  }

  std::size_t* before_;
  std::size_t* above_;
  std::size_t* row_;

 private:
  std::array<std::size_t, 3 * 64> small_;
  std::vector<std::size_t> large_;
};

}  // namespace

std::size_t closest_cutoff(std::string_view name) {
  if (name.size() <= 3) return 1;
  return name.size() <= 7 ? 2 : 3;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t far = limit + 1;
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return far;
  strip_common_ends(a, b);
  Rows rows(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows.row_[j] = std::min(j, far);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows.advance();
    // Cells further than `limit` from the diagonal are more than `limit` anyway.
    const std::size_t first = i > limit ? i - limit : 1;
    const std::size_t last = std::min(b.size(), i + limit);
    rows.row_[first - 1] = first == 1 ? std::min(i, far) : far;
    std::size_t least = rows.row_[first - 1];
    for (std::size_t j = first; j <= last; ++j) {
      std::size_t cell = rows.above_[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      cell = std::min({cell, rows.row_[j - 1] + 1, rows.above_[j] + 1});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
        cell = std::min(cell, rows.before_[j - 2] + 1);
      rows.row_[j] = std::min(cell, far);
      least = std::min(least, rows.row_[j]);
    }
    if (last < b.size()) rows.row_[last + 1] = far;  // what the next row sees above its last cell
    // A swap reaches two rows up, so one row alone beyond the limit is not the end.
    if (least > limit && *std::min_element(rows.above_ + first - 1, rows.above_ + last + 1) > limit) return far;
  }
  return std::min(rows.row_[b.size()], far);
}

}  // namespace meshfed::base

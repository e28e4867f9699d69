// Vectors as sets: ascending, each item once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace meshfed::base {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

// Stable, and moves each item once or twice, for items that are large. `less` compares two.
template <class T, class Less>
void sort_large(std::vector<T>& items, Less less) {
  std::vector<std::size_t> order(items.size());  // at each place, where its item is now
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return less(items[a], items[b]); });
  for (std::size_t first = 0; first < order.size(); ++first) {
    if (order[first] == first) continue;
    T item = std::move(items[first]);
    std::size_t at = first;
    for (std::size_t from = order[at]; from != first; from = order[at]) {
      items[at] = std::move(items[from]);
      order[at] = at;
      at = from;
    }
    items[at] = std::move(item);
    order[at] = at;
  }
}

// Of sorted items. O(log n).
template <class T>
bool contains(const std::vector<T>& sorted, const T& item) {
  return std::binary_search(sorted.begin(), sorted.end(), item);
}

}  // namespace meshfed::base

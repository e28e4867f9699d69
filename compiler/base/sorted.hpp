// Vectors as sets: ascending, each item once.
#pragma once

#include <algorithm>
#include <vector>

namespace meshfed::base {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

// Of sorted items. O(log n).
template <class T>
bool contains(const std::vector<T>& sorted, const T& item) {
  return std::binary_search(sorted.begin(), sorted.end(), item);
}

}  // namespace meshfed::base

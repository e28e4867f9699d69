#include "base/sorted.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace meshfed::base;

TEST_CASE("large items are sorted as others are, and equal ones keep their order") {
  struct Item {
    int key = 0;
    std::string text = {};
    bool operator==(const Item&) const = default;
  };
  const auto less = [](const Item& a, const Item& b) { return a.key < b.key; };
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 60; ++size) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < size; ++i)
      items.push_back({static_cast<int>(random() % 20), "item " + std::to_string(i) + " of some length"});
    std::vector<Item> expected = items;
    std::stable_sort(expected.begin(), expected.end(), less);
    sort_large(items, less);
    CHECK(items == expected);
    sort_large(items, less);
    CHECK(items == expected);
  }
}

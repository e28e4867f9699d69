#include "interpret/labels.hpp"

#include <algorithm>

namespace meshfed::interpret {
namespace {

template <class Range>
auto position(Range& labels, std::string_view key) {
  return std::lower_bound(labels.begin(), labels.end(), key,
                          [](const auto& pair, std::string_view wanted) { return pair.first < wanted; });
}

}  // namespace

std::string_view label(const Labels& labels, std::string_view key) {
  const auto found = position(labels, key);
  return found != labels.end() && found->first == key ? std::string_view(found->second) : std::string_view();
}

void set_label(Labels& labels, std::string_view key, std::string_view value) {
  const auto found = position(labels, key);
  if (found != labels.end() && found->first == key)
    found->second = value;
  else
    labels.insert(found, {std::string(key), std::string(value)});
}

bool selects(const Labels& selector, const Labels& labels) {
  return std::includes(labels.begin(), labels.end(), selector.begin(), selector.end());
}

}  // namespace meshfed::interpret

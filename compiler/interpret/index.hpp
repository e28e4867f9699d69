// Finding what labels select, and what selects labels, without looking at everything.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "interpret/labels.hpp"

namespace meshfed::interpret {

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};

/// By a name, which is looked up without a copy.
template <class T>
using ByName = std::unordered_map<std::string, T, NameHash, std::equal_to<>>;

/// Items by a namespace and one label.
template <class T>
class PairIndex {
 public:
  void add(std::string_view ns, const std::pair<std::string, std::string>& pair, const T* item) {
    items_[key(ns, pair)].push_back(item);
  }
  bool empty() const { return items_.empty(); }
  const std::vector<const T*>& find(std::string_view ns, const std::pair<std::string, std::string>& pair) const {
    static const std::vector<const T*> kNone;
    const auto found = items_.find(key(ns, pair));
    return found == items_.end() ? kNone : found->second;
  }

 private:
  static std::string key(std::string_view ns, const std::pair<std::string, std::string>& pair) {
    std::string text;
    text.reserve(ns.size() + pair.first.size() + pair.second.size() + 2);
    return text.append(ns).append(1, '\0').append(pair.first).append(1, '\0').append(pair.second);
  }

  ByName<std::vector<const T*>> items_;
};

/// What has labels: pods, WorkloadEntries.
template <class T>
class LabelledIndex {
 public:
  void add(std::string_view ns, const Labels& labels, const T* item) {
    for (const auto& pair : labels) by_pair_.add(ns, pair, item);
    by_pair_.add(ns, {}, item);
  }

  /// Those that the selector selects, in the order they were added: an empty one selects all.
  template <class LabelsOf>
  std::vector<const T*> selected(std::string_view ns, const Labels& selector, LabelsOf labels_of) const {
    const std::vector<const T*>* fewest = selector.empty() ? &by_pair_.find(ns, {}) : nullptr;
    for (const auto& pair : selector) {
      const auto& found = by_pair_.find(ns, pair);
      if (!fewest || found.size() < fewest->size()) fewest = &found;
    }
    std::vector<const T*> items;
    for (const T* item : *fewest) {
      if (selects(selector, labels_of(*item))) items.push_back(item);
    }
    return items;
  }

 private:
  PairIndex<T> by_pair_;
};

/// What selects by labels: policies.
template <class T>
class SelectorIndex {
 public:
  void add(std::string_view ns, const Labels& selector, const T* item) {
    if (selector.empty())
      everywhere_[std::string(ns)].push_back(item);
    else
      by_pair_.add(ns, selector.front(), item);
  }

  /// Those of the namespace that select the labels, in no order that means anything.
  std::vector<const T*> selecting(std::string_view ns, const Labels& labels) const {
    std::vector<const T*> items = of_all(ns);
    if (by_pair_.empty()) return items;
    for (const auto& pair : labels) {
      for (const T* item : by_pair_.find(ns, pair)) {
        if (selects(item->selector, labels)) items.push_back(item);
      }
    }
    return items;
  }

  /// Those without a selector.
  const std::vector<const T*>& of_all(std::string_view ns) const {
    static const std::vector<const T*> kNone;
    const auto found = everywhere_.find(ns);
    return found == everywhere_.end() ? kNone : found->second;
  }

 private:
  ByName<std::vector<const T*>> everywhere_;
  PairIndex<T> by_pair_;
};

}  // namespace meshfed::interpret

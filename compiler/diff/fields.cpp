#include "diff/fields.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "diff/lookup.hpp"

namespace meshfed::diff {
namespace {

using yaml::List;
using yaml::Map;
using yaml::Value;

// What tells the items of a list apart, best first. `port.…` are the servers of an Istio Gateway.
constexpr std::array<std::string_view, 8> kKeys = {"name",    "port.name", "number", "port",
                                                   "network", "host",      "value",  "address"};

bool is_scalar(const Value& value) {
  return !std::holds_alternative<List>(value.data()) && !std::holds_alternative<Map>(value.data());
}

bool is_simple(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

std::string below(const std::string& path, const std::string& key) {
  if (!is_simple(key)) return path + '[' + quoted(key) + ']';
  return path.empty() ? key : path + '.' + key;
}

std::string scalar_text(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data())) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.data())) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value.data())) return *flag ? "true" : "false";
  return "null";
}

// Items by what they are called; the same order as in the list.
using Keyed = std::vector<std::pair<std::string, const Value*>>;

// None if an item is no map, has no such key, or shares it.
std::optional<Keyed> keyed(const List& list, std::string_view key) {
  Keyed items;
  std::set<std::string> seen;
  for (const Value& item : list) {
    const auto* map = std::get_if<Map>(&item.data());
    const Value* name = map ? find(*map, key) : nullptr;
    if (!name || !is_scalar(*name)) return std::nullopt;
    items.emplace_back(scalar_text(*name), &item);
    if (!seen.insert(items.back().first).second) return std::nullopt;
  }
  return items;
}

class Comparer {
 public:
  std::vector<FieldChange> take() && { return std::move(changes_); }

  void compare(const std::string& path, const Map& before, const Map& after) {
    std::map<std::string_view, const Value*> news;
    for (const yaml::Entry& entry : after) news.emplace(entry.key, &entry.value);
    for (const yaml::Entry& entry : before) {
      const auto found = news.find(entry.key);
      if (found == news.end()) {
        remove(below(path, entry.key), entry.value);
      } else {
        compare(below(path, entry.key), entry.value, *found->second);
        news.erase(found);
      }
    }
    for (const yaml::Entry& entry : after)
      if (news.contains(entry.key)) add(below(path, entry.key), entry.value);
  }

 private:
  void compare(const std::string& path, const Value& before, const Value& after) {
    const auto *old_map = std::get_if<Map>(&before.data()), *new_map = std::get_if<Map>(&after.data());
    const auto *old_list = std::get_if<List>(&before.data()), *new_list = std::get_if<List>(&after.data());
    if (old_map && new_map)
      compare(path, *old_map, *new_map);
    else if (old_list && new_list)
      compare(path, *old_list, *new_list);
    else if (before != after)
      changes_.push_back({path, before, after});
  }

  void compare(const std::string& path, const List& before, const List& after) {
    if (before.empty() != after.empty()) return changes_.push_back({path, before, after});
    if (std::all_of(before.begin(), before.end(), is_scalar) && std::all_of(after.begin(), after.end(), is_scalar))
      return compare_scalars(path, before, after);
    for (const std::string_view key : kKeys) {
      const std::optional<Keyed> olds = keyed(before, key);
      const std::optional<Keyed> news = olds ? keyed(after, key) : std::nullopt;
      if (news) return compare_keyed(path, key, *olds, *news);
    }
    compare_by_position(path, before, after);
  }

  void compare_scalars(const std::string& path, const List& before, const List& after) {
    const std::size_t known = changes_.size();
    std::map<std::string, std::size_t> left, missing;
    for (const Value& item : after) ++left[identity(item)];
    for (const Value& item : before) {
      const auto found = left.find(identity(item));
      if (found != left.end() && found->second > 0)
        --found->second;
      else
        remove(path + "[]", item);
    }
    for (const Value& item : before) ++missing[identity(item)];
    for (const Value& item : after) {
      const auto found = missing.find(identity(item));
      if (found != missing.end() && found->second > 0)
        --found->second;
      else
        add(path + "[]", item);
    }
    if (changes_.size() == known && before != after) changes_.push_back({path, before, after});
  }

  void compare_keyed(const std::string& path, std::string_view key, const Keyed& before, const Keyed& after) {
    const auto at = [&](const std::string& name) {
      return path + '[' + std::string(key) + '=' + (is_simple(name) ? name : quoted(name)) + ']';
    };
    std::map<std::string_view, const Value*> news;
    for (const auto& [name, item] : after) news.emplace(name, item);
    std::set<std::string_view> common;
    for (const auto& [name, item] : before) {
      const auto found = news.find(name);
      if (found == news.end()) {
        remove(at(name), *item);
      } else {
        compare(at(name), *item, *found->second);
        common.insert(name);
      }
    }
    for (const auto& [name, item] : after)
      if (!common.contains(name)) add(at(name), *item);
    compare_order(path, common, before, after);
  }

  void compare_order(const std::string& path, const std::set<std::string_view>& common, const Keyed& before,
                     const Keyed& after) {
    const auto names = [&](const Keyed& items) {
      List list;
      for (const auto& [name, item] : items)
        if (common.contains(name)) list.add(name);
      return list;
    };
    List olds = names(before), news = names(after);
    if (olds != news) changes_.push_back({path, std::move(olds), std::move(news)});
  }

  void compare_by_position(const std::string& path, const List& before, const List& after) {
    const auto at = [&](std::size_t index) { return path + '[' + std::to_string(index) + ']'; };
    const std::size_t common = std::min(before.size(), after.size());
    for (std::size_t i = 0; i < common; ++i) compare(at(i), before.begin()[i], after.begin()[i]);
    for (std::size_t i = common; i < before.size(); ++i) remove(at(i), before.begin()[i]);
    for (std::size_t i = common; i < after.size(); ++i) add(at(i), after.begin()[i]);
  }

  // "5" and 5 are two items.
  static std::string identity(const Value& scalar) {
    return std::to_string(scalar.data().index()) + scalar_text(scalar);
  }

  void remove(const std::string& path, const Value& value) { changes_.push_back({path, value, std::nullopt}); }
  void add(const std::string& path, const Value& value) { changes_.push_back({path, std::nullopt, value}); }

  std::vector<FieldChange> changes_;
};

}  // namespace

std::vector<FieldChange> compare_fields(const Map& before, const Map& after) {
  Comparer comparer;
  comparer.compare("", before, after);
  return std::move(comparer).take();
}

}  // namespace meshfed::diff

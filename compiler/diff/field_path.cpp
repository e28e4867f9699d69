#include "diff/field_path.hpp"

#include <algorithm>
#include <span>
#include <variant>
#include <vector>

namespace meshfed::diff {
namespace {

using yaml::List;
using yaml::Map;
using yaml::Value;

using Keys = std::vector<std::string>;

// Of `["a.b"]` at the front of the path, which is taken away.
std::string take_quoted(std::string_view& path) {
  std::string key;
  std::size_t at = 2;
  for (; at < path.size() && path[at] != '"'; ++at) {
    if (path[at] == '\\' && at + 1 < path.size()) ++at;
    key += path[at];
  }
  path.remove_prefix(std::min(at + 2, path.size()));
  return key;
}

// Up to the bracket that ends it; one inside quotes does not.
void skip_selector(std::string_view& path) {
  bool quoted = false;
  std::size_t at = 1;
  for (; at < path.size() && (quoted || path[at] != ']'); ++at) {
    if (path[at] == '\\')
      ++at;
    else if (path[at] == '"')
      quoted = !quoted;
  }
  path.remove_prefix(std::min(at + 1, path.size()));
}

Keys keys_of(std::string_view path) {
  Keys keys;
  while (!path.empty()) {
    if (path.front() == '.') {
      path.remove_prefix(1);
    } else if (path.starts_with("[\"")) {
      keys.push_back(take_quoted(path));
    } else if (path.front() == '[') {
      skip_selector(path);
    } else {
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      keys.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    }
  }
  return keys;
}

struct Text {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(const auto&) const { return "null"; }
};

// Lists on the way are walked item by item, and maps at the end of it entry by entry.
void collect(const Value& value, std::span<const std::string> keys, std::vector<std::string>& texts) {
  if (const auto* list = std::get_if<List>(&value.data())) {
    for (const Value& item : *list) collect(item, keys, texts);
  } else if (const auto* map = std::get_if<Map>(&value.data())) {
    for (const yaml::Entry& entry : *map) {
      if (keys.empty()) texts.push_back(entry.key);
      if (keys.empty() || entry.key == keys.front()) collect(entry.value, keys.empty() ? keys : keys.subspan(1), texts);
    }
  } else if (keys.empty()) {
    texts.push_back(std::visit(Text(), value.data()));
  }
}

std::vector<std::string> texts_below(const std::optional<Value>& value, std::span<const std::string> keys) {
  std::vector<std::string> texts;
  if (value) collect(*value, keys, texts);
  return texts;
}

bool is_list(const std::optional<Value>& value) { return value && std::holds_alternative<List>(value->data()); }

// Of a list, matched by a key or its position.
bool is_item(std::string_view path) {
  bool item = false;
  while (!path.empty()) {
    item = path.front() == '[' && !path.starts_with("[\"");
    if (item)
      skip_selector(path);
    else if (path.front() == '[')
      take_quoted(path);
    else
      path.remove_prefix(std::min(path.find_first_of("[", 1), path.size()));
  }
  return item;
}

bool is_another_order(const FieldChange& change) {
  if (!is_list(change.before) || !is_list(change.after)) return false;
  std::vector<std::string> before = texts_below(change.before, {}), after = texts_below(change.after, {});
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  return before == after;
}

}  // namespace

std::set<std::string> texts_at(const Map& document, std::string_view path) {
  std::vector<std::string> texts;
  collect(document, keys_of(path), texts);
  return {texts.begin(), texts.end()};
}

bool concerns(const FieldChange& change, std::string_view path) {
  if (is_another_order(change)) return false;
  const Keys changed = keys_of(change.path), asked = keys_of(path);
  const std::size_t common = std::min(changed.size(), asked.size());
  if (!std::equal(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(common), asked.begin())) return false;
  const std::span<const std::string> below = std::span(asked).subspan(common);
  if (below.empty()) return true;
  const bool whole_item = (!change.before || !change.after) && is_item(change.path);
  return !whole_item && texts_below(change.before, below) != texts_below(change.after, below);
}

std::string general_path(std::string_view path) {
  std::string general;
  for (const std::string& key : keys_of(path)) {
    if (key.find_first_of("./") != std::string::npos) {
      general += "[\"" + key + "\"]";
    } else {
      if (!general.empty()) general += '.';
      general += key;
    }
  }
  return general;
}

}  // namespace meshfed::diff

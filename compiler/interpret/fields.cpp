#include "interpret/fields.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace meshfed::interpret {
namespace {

constexpr std::size_t kCounted = 64;

std::optional<std::int64_t> as_number(yaml::View node) {
  if (const auto number = node.number()) return number;
  const std::string* text = node.text();
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

}  // namespace

Labels labels_of(yaml::View map) {
  Labels labels;
  for (const yaml::Entry& entry : map.entries()) {
    if (const std::string* value = yaml::View(entry.value).text()) labels.emplace_back(entry.key, *value);
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

Fields::Fields(yaml::View map, Object& object, const Fields* parent, std::string_view name)
    : map_(map), object_(object), parent_(parent), name_(name) {
  if (map.present() && !map.map()) object.gaps.push_back(parent ? parent->path(name) : std::string(name));
}

Fields::~Fields() {
  std::size_t at = 0;
  for (const yaml::Entry& entry : map_.entries()) {
    const bool asked = at < kCounted && (asked_ >> at & 1) != 0;
    if (!asked && yaml::View(entry.value).present()) gap(entry.key);
    ++at;
  }
}

std::string Fields::path(std::string_view key) const {
  std::string path = parent_ ? parent_->path(name_) : std::string();
  if (!path.empty()) path += '.';
  return path.append(key);
}

void Fields::gap(std::string_view key) {
  std::string where = path(key);
  if (std::find(object_.gaps.begin(), object_.gaps.end(), where) == object_.gaps.end())
    object_.gaps.push_back(std::move(where));
}

yaml::View Fields::take(std::string_view key) {
  std::size_t at = 0;
  for (const yaml::Entry& entry : map_.entries()) {
    if (entry.key == key) {
      if (at < kCounted) asked_ |= std::uint64_t{1} << at;
      return entry.value;
    }
    ++at;
  }
  return {};
}

std::string Fields::text(std::string_view key) {
  const yaml::View node = take(key);
  if (const std::string* text = node.text()) return *text;
  if (node.present()) gap(key);
  return {};
}

std::int64_t Fields::number(std::string_view key) {
  const yaml::View node = take(key);
  if (const auto number = node.number()) return *number;
  if (node.present()) gap(key);
  return 0;
}

bool Fields::flag(std::string_view key, bool otherwise) {
  const yaml::View node = take(key);
  if (node.present() && !node.flag()) gap(key);
  return node.flag().value_or(otherwise);
}

std::span<const yaml::Value> Fields::items(std::string_view key) {
  const yaml::View node = take(key);
  if (node.present() && !node.list()) gap(key);
  return node.items();
}

std::vector<std::string> Fields::texts(std::string_view key) {
  std::vector<std::string> texts;
  for (const yaml::Value& item : items(key)) {
    if (const std::string* text = yaml::View(item).text())
      texts.push_back(*text);
    else
      gap(key);
  }
  return texts;
}

std::vector<std::int64_t> Fields::numbers(std::string_view key) {
  std::vector<std::int64_t> numbers;
  for (const yaml::Value& item : items(key)) {
    if (const auto number = as_number(item))
      numbers.push_back(*number);
    else
      gap(key);
  }
  return numbers;
}

Labels Fields::labels(std::string_view key) {
  const yaml::View node = take(key);
  Labels labels = labels_of(node);
  if (node.present() && labels.size() != node.entries().size()) gap(key);
  return labels;
}

void Fields::ignore(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) take(key);
}

}  // namespace meshfed::interpret

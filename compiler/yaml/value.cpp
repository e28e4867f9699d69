#include "yaml/value.hpp"

#include <iterator>

#include "yaml/literal.hpp"

namespace meshfed::yaml {

List::List(std::initializer_list<Item> items) {
  items_.reserve(items.size());
  for (const Item& item : items) items_.push_back(std::move(item.value));
}

List::List(const std::vector<std::string>& strings) : items_(strings.begin(), strings.end()) {}

void List::add(Value value) { items_.push_back(std::move(value)); }
void List::reserve(std::size_t size) { items_.reserve(size); }
const Value* List::begin() const { return items_.data(); }
const Value* List::end() const { return items_.data() + items_.size(); }
bool List::operator==(const List& other) const { return items_ == other.items_; }

Map::Map(std::initializer_list<Field> fields) {
  entries_.reserve(fields.size());
  for (const Field& field : fields) {
    if (field.value) entries_.push_back({std::move(field.key), std::move(*field.value)});
  }
}

Map::Map(const std::map<std::string, std::string>& strings) {
  entries_.reserve(strings.size());
  for (const auto& [key, value] : strings) entries_.push_back({key, value});
}

void Map::add(std::string key, Value value) { entries_.push_back({std::move(key), std::move(value)}); }

void Map::append(Map other) {
  entries_.insert(entries_.end(), std::make_move_iterator(other.entries_.begin()),
                  std::make_move_iterator(other.entries_.end()));
}

const Entry* Map::begin() const { return entries_.data(); }
const Entry* Map::end() const { return entries_.data() + entries_.size(); }
bool Map::operator==(const Map& other) const { return entries_ == other.entries_; }

}  // namespace meshfed::yaml

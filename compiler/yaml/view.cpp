#include "yaml/view.hpp"

namespace meshfed::yaml {
namespace {

template <class T>
std::optional<T> copy(const T* value) {
  return value ? std::optional<T>(*value) : std::nullopt;
}

}  // namespace

bool View::present() const { return value_ && !std::holds_alternative<std::nullptr_t>(value_->data()); }

View View::operator[](std::string_view key) const {
  for (const Entry& entry : entries()) {
    if (entry.key == key) return entry.value;
  }
  return {};
}

std::optional<std::int64_t> View::number() const { return copy(get<std::int64_t>()); }

std::optional<bool> View::flag() const { return copy(get<bool>()); }

std::span<const Value> View::items() const {
  const List* found = list();
  return found ? std::span(found->begin(), found->size()) : std::span<const Value>();
}

std::span<const Entry> View::entries() const {
  const Map* found = map();
  return found ? std::span(found->begin(), found->size()) : std::span<const Entry>();
}

}  // namespace meshfed::yaml

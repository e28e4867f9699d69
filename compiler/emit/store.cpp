#include "emit/store.hpp"

#include <utility>

namespace meshfed::emit {

const Content* Store::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = contents_.find(name);
  return found == contents_.end() ? nullptr : &found->second;
}

const Content& Store::add(std::string_view name, Content content) {
  const std::lock_guard lock(mutex_);
  return contents_.try_emplace(std::string(name), std::move(content)).first->second;
}

}  // namespace meshfed::emit

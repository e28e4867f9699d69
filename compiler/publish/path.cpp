#include "publish/path.hpp"

#include <algorithm>

namespace meshfed::publish {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_component(std::string_view name) {
  if (name.empty() || name.size() > kMaxComponent) return false;
  if (!is_alphanumeric(name.front()) || name.back() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; });
}

bool is_path(std::string_view path) {
  if (path.size() > kMaxPath) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    if (!is_component(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace meshfed::publish

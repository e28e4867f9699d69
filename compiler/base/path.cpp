#include "base/path.hpp"

namespace meshfed::base {

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string directory_of(std::string_view file) {
  const std::string_view parent = parent_of(file);
  return parent.empty() ? (file.starts_with('/') ? "/" : ".") : std::string(parent);
}

std::string below(std::string_view directory, std::string_view path) {
  if (directory.empty()) return std::string(path);
  std::string out;
  out.reserve(directory.size() + 1 + path.size());
  return out.append(directory).append(directory.back() == '/' ? "" : "/").append(path);
}

}  // namespace meshfed::base

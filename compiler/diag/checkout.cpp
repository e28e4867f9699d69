#include "diag/checkout.hpp"

#include <filesystem>

namespace meshfed::diag {

std::string path_in(const Checkout& checkout, std::string_view path) {
  if (checkout.root.empty()) return std::filesystem::path(path).lexically_normal().string();
  const std::filesystem::path whole = (std::filesystem::path(checkout.directory) / path).lexically_normal();
  const std::filesystem::path inside = whole.lexically_relative(checkout.root);
  return inside.empty() || *inside.begin() == ".." ? whole.string() : inside.string();
}

}  // namespace meshfed::diag

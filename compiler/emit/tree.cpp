#include "emit/tree.hpp"

#include <utility>

#include "base/lines.hpp"
#include "base/sha256.hpp"

namespace meshfed::emit {

Content content_of(std::string bytes, std::vector<std::string> object_ids) {
  std::string digest = base::sha256_hex(bytes);
  std::string codes = base::line_codes(bytes);
  return {std::move(bytes), std::move(digest), std::move(object_ids), std::move(codes)};
}

void Tree::add(std::string path, Content content, bool lists_files) {
  files.push_back({std::move(path), &own.emplace_back(std::move(content)), lists_files});
}

}  // namespace meshfed::emit

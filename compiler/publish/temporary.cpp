#include "publish/temporary.hpp"

#include <string_view>

#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

bool may_be_ours(std::string_view name) {
  return is_component(name) || name == kLockName || name.starts_with(kTemporaryPrefix);
}

}  // namespace

bool remove_temporary(base::Fs& fs, const std::string& path) {
  switch (fs.stat(path).value.kind) {
    case base::FileKind::missing:
      return true;
    case base::FileKind::file:
      return fs.remove_file(path) == 0;
    case base::FileKind::directory:
      break;
    default:
      return false;
  }
  bool all = true;
  for (const std::string& name : fs.list_directory(path).value) {
    all = may_be_ours(name) && remove_temporary(fs, below(path, name)) && all;
  }
  return all && fs.remove_directory(path) == 0;
}

}  // namespace meshfed::publish

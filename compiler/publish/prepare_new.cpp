// Clusters that are not there yet.
#include <cerrno>
#include <set>
#include <utility>

#include "publish/inventory.hpp"
#include "publish/path.hpp"
#include "publish/prepare.hpp"
#include "publish/temporary.hpp"

namespace meshfed::publish {
namespace {

class NewCluster {
 public:
  NewCluster(base::Fs& fs, const std::string& out, const emit::Tree& tree)
      : fs_(fs), tree_(tree), final_(below(out, tree.cluster)), prefix_(below(out, kTemporaryPrefix)) {
    done_.cluster = tree.cluster;
  }

  Prepared run(std::string_view federation) {
    const std::string lock = print_inventory(federation, tree_);
    if (!make_temporary()) return std::move(done_);
    if (!write_files() || !write(std::string(kLockName), lock)) {
      remove_temporary(fs_, temporary_);  // what a full disk needs most
      return std::move(done_);
    }
    done_.totals.created = tree_.files.size();
    done_.changed = true;
    done_.from = temporary_;
    done_.to = final_;
    done_.record = record_of(fs_, temporary_, tree_, lock);
    return std::move(done_);
  }

 private:
  bool stop(std::string_view path, int error) {
    done_.problem = {Problem::Kind::io, path.empty() ? final_ : below(final_, path), "", error};
    return false;
  }

  // Something that is no directory of ours may have the name.
  bool make_temporary() {
    constexpr int kTries = 100;
    int error = EEXIST;
    for (int i = 0; error == EEXIST && i < kTries; ++i) {
      temporary_ = prefix_ + std::to_string(i) + "-" + tree_.cluster;
      error = fs_.make_directory(temporary_);
    }
    return error == 0 || stop("", error);
  }

  bool make_directories(std::string_view directory) {
    if (directory.empty() || made_.contains(directory)) return true;
    if (!make_directories(parent_of(directory))) return false;
    if (const int error = fs_.make_directory(below(temporary_, directory))) return stop(directory, error);
    made_.emplace(directory);
    return true;
  }

  bool write(const std::string& path, std::string_view bytes) {
    const int error = fs_.write_new_file(below(temporary_, path), bytes);
    return error == 0 || stop(path, error);
  }

  bool write_files() {
    for (const emit::OutputFile& file : tree_.files) {
      if (!make_directories(parent_of(file.path)) || !write(file.path, file.content->bytes)) return false;
      done_.bytes += file.content->bytes.size();
    }
    return true;
  }

  base::Fs& fs_;
  const emit::Tree& tree_;
  std::string final_;
  std::string prefix_;
  std::string temporary_;
  std::set<std::string, std::less<>> made_;
  Prepared done_;
};

}  // namespace

Prepared prepare_new(base::Fs& fs, const std::string& out, std::string_view federation, const emit::Tree& tree) {
  return NewCluster(fs, out, tree).run(federation);
}

void remove_leftover_directories(base::Fs& fs, const std::string& out) {
  for (const std::string& name : fs.list_directory(out).value) {
    const std::string path = below(out, name);
    const bool directory = name.starts_with(kTemporaryPrefix) && fs.stat(path).value.kind == base::FileKind::directory;
    if (directory) remove_temporary(fs, path);
  }
}

}  // namespace meshfed::publish

#include "publish/build_record.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/sha256.hpp"
#include "publish/inventory.hpp"
#include "publish/output.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

using base::Observation;

constexpr std::string_view kFirst = "meshfedc-memo 1";
constexpr std::string_view kLast = "end";
constexpr std::size_t kMaxBytes = 256U << 20U;

// One line, word by word; `good` turns false for good at the first that is not what it should be.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  bool good() const { return good_ && rest_.empty(); }

  std::string word() {
    const std::size_t end = rest_.find(' ');
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    good_ = good_ && !found.empty();
    return std::string(found);
  }

  template <class Number>
  Number number() {
    const std::string text = word();
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    good_ = good_ && error == std::errc() && end == text.data() + text.size();
    return value;
  }

  std::string all_that_follows() { return std::string(std::exchange(rest_, {})); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

template <class... Parts>
void add_line(std::string& text, const Parts&... parts) {
  const auto add = [&text](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
      text += std::to_string(part);
    } else {
      text += part;
    }
    text += ' ';
  };
  (add(parts), ...);
  text.back() = '\n';
}

// Adds what the line says; false if it says nothing that we know.
bool read_line(std::string_view line, BuildRecord& record) {
  Words words(line);
  const std::string what = words.word();
  if (what == "federation") {
    record.federation = words.all_that_follows();
  } else if (what == "program") {
    record.program = words.all_that_follows();
  } else if (what == "input") {
    const unsigned call = words.number<unsigned>();
    if (call > static_cast<unsigned>(Observation::Call::list_directory)) return false;
    Observation input;
    input.call = static_cast<Observation::Call>(call);
    input.limit = words.number<std::size_t>();
    input.seen = words.word();
    input.path = words.all_that_follows();
    record.inputs.push_back(std::move(input));
  } else if (what == "cluster") {
    ClusterRecord& cluster = record.clusters[words.word()];
    cluster.source = words.word();
    cluster.lock_sha256 = words.word();
    cluster.files = words.number<std::size_t>();
    cluster.stat_digest.low = words.number<std::uint64_t>();
    cluster.stat_digest.high = words.number<std::uint64_t>();
    cluster.stat_digest.newest = words.number<std::int64_t>();
  } else {
    return false;
  }
  return words.good();
}

std::optional<std::string_view> next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool fits_a_line(const Observation& input) { return input.path.find('\n') == std::string::npos; }

}  // namespace

ClusterRecord record_of(base::Fs& fs, const std::string& root, const emit::Tree& tree, std::string_view lock_text) {
  return {.lock_sha256 = base::sha256_hex(lock_text),
          .files = tree.files.size(),
          .stat_digest = stat_digest_of_files(fs, root, paths_of(tree))};
}

const ClusterRecord* BuildRecord::trusted(std::string_view cluster) const {
  const auto found = clusters.find(cluster);
  return found != clusters.end() && found->second.stat_digest.newest < written ? &found->second : nullptr;
}

bool BuildRecord::trusts_all() const {
  return std::all_of(clusters.begin(), clusters.end(),
                     [&](const auto& known) { return trusted(known.first) != nullptr; });
}

bool is_as_left(base::Fs& fs, const std::string& out, std::string_view cluster, const ClusterRecord& record) {
  const std::string root = below(out, cluster);
  const base::Result<std::string> lock = fs.read_regular(below(root, kLockName), kMaxLockBytes);
  if (!lock.ok() || base::sha256_hex(lock.value) != record.lock_sha256) return false;
  return with_directory(fs, root, stat_digest_of_files(fs, root, paths_of(lock.value))) == record.stat_digest;
}

std::string print(const BuildRecord& record) {
  std::string text = std::string(kFirst) + '\n';
  add_line(text, "federation", record.federation);
  add_line(text, "program", record.program);
  if (std::all_of(record.inputs.begin(), record.inputs.end(), fits_a_line)) {
    for (const Observation& input : record.inputs)
      add_line(text, "input", static_cast<int>(input.call), input.limit, input.seen, input.path);
  }
  for (const auto& [name, cluster] : record.clusters) {
    const StatDigest& found = cluster.stat_digest;
    add_line(text, "cluster", name, cluster.source, cluster.lock_sha256, cluster.files, found.low, found.high,
             found.newest);
  }
  return text.append(kLast).append("\n");
}

BuildRecord parse_record(std::string_view text) {
  BuildRecord record;
  if (next_line(text) != kFirst) return {};
  for (;;) {
    const std::optional<std::string_view> line = next_line(text);
    if (!line) return {};  // cut off
    if (*line == kLast) return text.empty() ? record : BuildRecord();
    if (!read_line(*line, record)) return {};
  }
}

BuildRecord load_record(base::Fs& fs, const std::string& path, std::string_view program) {
  const base::Result<base::Stat> stat = fs.stat(path);
  const base::Result<std::string> text = fs.read_regular(path, kMaxBytes);
  if (!stat.ok() || !text.ok()) return {};
  BuildRecord record = parse_record(text.value);
  record.written = stat.value.changed;
  return record.program == program ? record : BuildRecord();
}

int save_record(base::Fs& fs, const std::string& path, const BuildRecord& record) {
  const std::string directory(parent_of(path));
  if (const int error = make_with_parents(fs, directory)) return error;
  const std::string temporary = path + ".new";
  const std::string text = print(record);
  int error = fs.write_new_file(temporary, text);
  if (error == EEXIST) {  // of a build that was killed, or of one that is writing its own just now
    fs.remove_file(temporary);
    error = fs.write_new_file(temporary, text);
  }
  return error != 0 ? error : fs.rename(temporary, path);
}

}  // namespace meshfed::publish

#include "base/recording_fs.hpp"

#include <utility>

#include "base/sha256.hpp"

namespace meshfed::base {
namespace {

using Call = Observation::Call;

// An errno and a digest never look the same.
std::string failed(int error) { return "errno-" + std::to_string(error); }

std::string seen(const Result<std::string>& answer) {
  return answer.ok() ? sha256_hex(answer.value) : failed(answer.error);
}

std::string seen(const Result<Stat>& answer) {
  if (!answer.ok()) return failed(answer.error);
  return std::to_string(static_cast<int>(answer.value.kind)) + "-" + std::to_string(answer.value.device) + "-" +
         std::to_string(answer.value.inode);
}

std::string seen(const Result<std::vector<std::string>>& answer) {
  if (!answer.ok()) return failed(answer.error);
  std::string names;
  for (const std::string& name : answer.value) names.append(name).append(1, '\0');
  return sha256_hex(names);
}

}  // namespace

Observation observe(Fs& fs, Call call, const std::string& path, std::size_t limit) {
  switch (call) {
    case Call::read_file:
      return {call, path, limit, seen(fs.read_file(path, limit))};
    case Call::read_regular:
      return {call, path, limit, seen(fs.read_regular(path, limit))};
    case Call::stat:
      return {call, path, limit, seen(fs.stat(path))};
    case Call::canonical:
      return {call, path, limit, seen(fs.canonical(path))};
    case Call::list_directory:
      return {call, path, limit, seen(fs.list_directory(path))};
  }
  return {};
}

std::vector<Observation> RecordingFs::observations() const {
  const std::lock_guard lock(mutex_);
  return observations_;
}

void RecordingFs::keep(Call call, const std::string& path, std::size_t limit, std::string what) {
  const std::lock_guard lock(mutex_);
  observations_.push_back({call, path, limit, std::move(what)});
}

Result<std::string> RecordingFs::read_file(const std::string& path, std::size_t limit) {
  Result<std::string> answer = fs_.read_file(path, limit);
  keep(Call::read_file, path, limit, seen(answer));
  return answer;
}

Result<std::string> RecordingFs::read_regular(const std::string& path, std::size_t limit) {
  Result<std::string> answer = fs_.read_regular(path, limit);
  keep(Call::read_regular, path, limit, seen(answer));
  return answer;
}

Result<Stat> RecordingFs::stat(const std::string& path) {
  Result<Stat> answer = fs_.stat(path);
  keep(Call::stat, path, 0, seen(answer));
  return answer;
}

Result<std::string> RecordingFs::canonical(const std::string& path) {
  Result<std::string> answer = fs_.canonical(path);
  keep(Call::canonical, path, 0, seen(answer));
  return answer;
}

Result<std::vector<std::string>> RecordingFs::list_directory(const std::string& path) {
  Result<std::vector<std::string>> answer = fs_.list_directory(path);
  keep(Call::list_directory, path, 0, seen(answer));
  return answer;
}

}  // namespace meshfed::base

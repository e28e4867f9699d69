#include "publish/find_lock.hpp"

#include <cerrno>
#include <utility>

#include "publish/path.hpp"

namespace meshfed::publish {

using Kind = Problem::Kind;

FoundLock find_lock(base::Fs& fs, Survey& survey, std::string_view federation, std::string_view cluster) {
  const std::string path = below(cluster, kLockName);
  const base::Stat stat = survey.entry(path);
  if (!survey.sound()) return {};
  if (stat.kind == base::FileKind::missing)
    return {.state = FoundLock::State::absent, .stat = {}, .text = {}, .lock = {}};
  if (stat.kind != base::FileKind::file) {
    survey.report(Kind::wrong_type, path, stat.kind);
    return {};
  }
  base::Result<std::string> text = fs.read_regular(survey.full(path), kMaxLockBytes);
  if (!text.ok()) {
    survey.report(text.error == EFBIG ? Kind::bad_lock : Kind::io, path, "", text.error);
    return {};
  }
  ParsedLock parsed = parse_lock(text.value);
  if (parsed.status != ParsedLock::Status::good) {
    survey.report(parsed.status == ParsedLock::Status::newer ? Kind::newer_lock : Kind::bad_lock, path, parsed.detail);
    return {};
  }
  if (parsed.lock.federation != federation) {
    survey.report(Kind::other_federation, path, parsed.lock.federation);
    return {};
  }
  return {FoundLock::State::good, stat, std::move(text.value), std::move(parsed.lock)};
}

}  // namespace meshfed::publish

#include "publish/find_inventory.hpp"

#include <cerrno>
#include <utility>

#include "publish/path.hpp"

namespace meshfed::publish {

using Kind = Problem::Kind;

FoundInventory find_inventory(base::Fs& fs, Survey& survey, std::string_view federation, std::string_view cluster) {
  const std::string path = below(cluster, kLockName);
  const base::Stat stat = survey.entry(path);
  if (!survey.sound()) return {};
  if (stat.kind == base::FileKind::missing)
    return {.state = FoundInventory::State::absent, .stat = {}, .text = {}, .lock = {}};
  if (stat.kind != base::FileKind::file) {
    survey.report(Kind::wrong_type, path, stat.kind);
    return {};
  }
  base::Result<std::string> text = fs.read_regular(survey.full(path), kMaxLockBytes);
  if (!text.ok()) {
    survey.report(text.error == EFBIG ? Kind::bad_inventory : Kind::io, path, "", text.error);
    return {};
  }
  if (const std::optional<base::StandIn> found = base::stand_in(text.value)) {
    survey.report(path, *found);
    return {};
  }
  ParsedInventory parsed = parse_inventory(text.value);
  if (parsed.status != ParsedInventory::Status::good) {
    survey.report(parsed.status == ParsedInventory::Status::newer ? Kind::newer_inventory : Kind::bad_inventory, path,
                  parsed.detail);
    return {};
  }
  if (parsed.lock.federation != federation) {
    survey.report(Kind::other_federation, path, parsed.lock.federation);
    return {};
  }
  return {FoundInventory::State::good, stat, std::move(text.value), std::move(parsed.lock)};
}

}  // namespace meshfed::publish

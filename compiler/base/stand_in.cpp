#include "base/stand_in.hpp"

#include <array>

namespace meshfed::base {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view begin;
  StandIn found;
};

constexpr auto kRows = std::to_array<Row>({
    {"version https://git-lfs.github.com/spec/"sv,
     {"a pointer of Git LFS", "run `git lfs install`, then `git lfs pull`; in Argo CD, enable LFS for the repository"}},
    {"version http://git-media.io/"sv, {"a pointer of Git LFS", "run `git lfs install`, then `git lfs pull`"}},
    {"\0GITCRYPT\0"sv, {"what git-crypt has encrypted", "run `git-crypt unlock`"}},
    {"/annex/objects/"sv, {"a pointer of git-annex", "run `git annex get` on it"}},
});

}  // namespace

std::optional<StandIn> stand_in(std::string_view bytes) {
  for (const Row& row : kRows) {
    if (bytes.starts_with(row.begin)) return row.found;
  }
  return std::nullopt;
}

}  // namespace meshfed::base

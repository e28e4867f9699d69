// Who a commit is by, and when: the environment first, then Git's configuration, and never a guess. Only for files that
// may see libgit2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "git/problem.hpp"
#include "git/repository.hpp"

namespace meshfed::git {

// Both never null.
struct Identity {
  Signature author;
  Signature committer;
};

// `author` is "Name <mail>", or empty. Variables and keys are those of git-commit(1): GIT_AUTHOR_NAME, author.name,
// user.name and so on. Without a date of its own (GIT_AUTHOR_DATE, GIT_COMMITTER_DATE) it is SOURCE_DATE_EPOCH, else
// now.
std::variant<Identity, Problem> identity(git_repository& repository, const std::string& author,
                                         const Environment& environment);

// "Name <mail> 1700000000 +0100", as it stands in a commit.
std::string print(const git_signature& signature);

struct Date {
  std::int64_t seconds = 0;  // since 1970
  int offset_minutes = 0;    // east of UTC

  bool operator==(const Date&) const = default;
};

// "1700000000 +0100", with or without `@` and offset, or "2023-11-14T22:13:20+01:00", a blank for the T, `Z`, or no
// offset, which then is `offset_minutes`. Of Git's other formats, none.
std::optional<Date> parse_date(std::string_view text, int offset_minutes);

}  // namespace meshfed::git

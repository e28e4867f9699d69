// Why a repository is not committed to. A plain value: the caller words it.
#pragma once

#include <string>

namespace meshfed::git {

struct Problem {
  enum class Kind {
    no_repository,  // the output directory is in none, or in one that cannot be read
    unsupported,    // detail: what the repository uses that is not supported
    refused,        // detail: what would come to harm
    bad_setting,    // detail: what of Git's configuration cannot be read as Git reads it
    unsigned_only,  // the repository asks for signatures, and detail: why there is none
    no_identity,    // detail: what of author, committer and dates is missing or wrong
    failed          // detail: what went wrong
  };

  Kind kind = Kind::failed;
  std::string detail;
  std::string remedy;  // what to do about it; may be empty

  bool operator==(const Problem&) const = default;
};

}  // namespace meshfed::git

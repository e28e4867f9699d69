// What a remote may know of a branch that is committed to. A plain value: the caller words it.
#pragma once

#include <string>

namespace meshfed::git {

struct Remark {
  enum class Kind {
    begins_anew,  // neither the branch nor one of this name at a remote is in this clone
    behind        // the branch lacks commits of the one of this name at the remote
  };

  Kind kind = Kind::begins_anew;
  std::string remote;  // "origin"

  bool operator==(const Remark&) const = default;
};

}  // namespace meshfed::git

// Why an output directory is not written to. A plain value: the caller words it.
#pragma once

#include <string>

#include "base/fs.hpp"

namespace meshfed::publish {

struct Problem {
  enum class Kind {
    edited_by_hand,        // a file of ours that has other content than we gave it
    foreign_file,          // a file that we did not write where one of ours belongs
    wrong_type,            // a directory, link, fifo or device there, or no directory where one is needed
    link_in_path,          // a directory on the way is a link; below the output directory none is followed
    case_clash,            // two names that are one on a case-insensitive file system
    bad_path,              // a path that no plan may hold: a bug upstream, caught before it reaches the disk
    other_federation,      // the directory is owned by another federation
    bad_inventory,         // the lock cannot be understood
    newer_inventory,       // the lock was written by a later version
    locked,                // another build is at work on this output directory
    changed_meanwhile,     // something changed between inspection and writing
    io,                    // a call failed
    foreign_without_lock,  // the same as foreign_file, in a directory that has no lock
    stand_in               // what Git has stored in place of the file; detail: what that is
  };

  Kind kind = Kind::io;
  std::string path;    // output directory included, as the user wrote it
  std::string detail;  // what was found, in words: "a directory", "line 3: …", the other name; may be empty
  int error = 0;       // errno where a call failed
  base::FileKind found =
      base::FileKind::missing;  // if a type is wrong: which; missing if only known to be no directory
  std::string remedy = {};      // what to do about it, if the kind does not tell

  bool operator==(const Problem&) const = default;
};

}  // namespace meshfed::publish

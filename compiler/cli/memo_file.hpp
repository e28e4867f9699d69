// Where the memo of a source and an output directory is kept: `$XDG_CACHE_HOME/meshfedc/`, else `~/.cache/meshfedc/`.
#pragma once

#include <optional>
#include <string>

#include "cli/publication.hpp"
#include "cli/session.hpp"
#include "publish/memo.hpp"

namespace meshfed::cli {

class MemoFile {
 public:
  /// Reads it; an empty one if there is none. Nothing is ever reported: a memo only saves time.
  MemoFile(const Context& context, const std::string& source, const std::string& out);

  /// What a whole build would find out: that there is nothing to do and nothing to say. None if it takes a build to
  /// tell.
  std::optional<Publication> nothing_to_do(unsigned jobs) const;

  /// Keeps what it holds now for the next build.
  void save();

  publish::Memo memo;

 private:
  int write();

  const Context& context_;
  std::string out_;
  std::string path_;      // empty: there is no place for it
  publish::Memo loaded_;  // as read
};

}  // namespace meshfed::cli

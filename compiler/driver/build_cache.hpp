// What a build remembers of a source and an output directory, and where that is kept.
#pragma once

#include <optional>
#include <string>

#include "driver/job.hpp"
#include "driver/publication.hpp"
#include "publish/build_record.hpp"

namespace meshfed::driver {

struct CacheOptions {
  std::string directory;  // empty: nothing is remembered
  std::string version;    // of the compiler: what another one remembers does not count
};

class BuildCache {
 public:
  /// Reads it; an empty one if there is none. Nothing is ever reported: a cache only saves time.
  BuildCache(const Job& job, const CacheOptions& options, const std::string& source, const std::string& out);

  /// What a whole build would find out: that there is nothing to do and nothing to say. None if it takes a build to
  /// tell.
  std::optional<Publication> nothing_to_do(unsigned jobs) const;

  /// Keeps what it holds now for the next build.
  void save();

  publish::BuildRecord record;

 private:
  int write();
  /// Nothing is in that part's directory that a whole build would remove.
  bool is_complete(Part part) const;

  const Job& job_;
  std::string out_;
  std::string path_;             // empty: there is no place for it
  publish::BuildRecord loaded_;  // as read
};

}  // namespace meshfed::driver

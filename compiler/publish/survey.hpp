// Looks at an output directory without following a link in it. Knows nothing of locks and plans.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fs.hpp"
#include "base/stand_in.hpp"
#include "publish/problem.hpp"

namespace meshfed::publish {

struct Directory {
  enum class State { missing, present, blocked };  // blocked: a problem was reported, here or further up
  State state = State::missing;
  std::vector<std::string> names = {};                             // sorted
  std::vector<std::pair<std::string, std::string>> capitals = {};  // of names with capitals: folded, as is; sorted
};

// One survey serves one inspection: each directory is read once. Paths are relative to the output directory, which
// itself may be a link, or missing.
class Survey {
 public:
  // `problems` outlives the survey.
  Survey(base::Fs& fs, std::string out, std::vector<Problem>& problems);

  // Reports once what keeps the directory from being used.
  const Directory& directory(std::string_view path);

  // What stands at the path; `missing` too if a directory above is missing or blocked. Another entry of the directory
  // that differs only in capitals is a problem.
  base::Stat entry(std::string_view path);

  // The directories that were looked at, by path.
  const std::map<std::string, Directory, std::less<>>& directories() const { return directories_; }

  // Whether there was no problem so far.
  bool sound() const { return problems_.empty(); }

  void report(Problem::Kind kind, std::string_view path, std::string detail, int error = 0);
  void report(Problem::Kind kind, std::string_view path, base::FileKind found);
  void report(std::string_view path, const base::StandIn& found);

  // The path as calls and people get it.
  std::string full(std::string_view path) const;

 private:
  Directory read(std::string_view path);
  void list_into(Directory& directory, std::string_view path);
  bool clashes(const Directory& parent, std::string_view path);

  base::Fs& fs_;
  std::string out_;
  std::vector<Problem>& problems_;
  std::map<std::string, Directory, std::less<>> directories_;
};

}  // namespace meshfed::publish

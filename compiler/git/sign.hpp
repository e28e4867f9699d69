// The signature of a commit: which program makes it, with which key, as Git's configuration says. That program is
// called as `git commit` calls it (gpg-interface.c of Git 2.39): with the same arguments, and the commit without its
// signature as input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/fs.hpp"
#include "git/options.hpp"
#include "git/problem.hpp"
#include "git/settings.hpp"

namespace meshfed::git {

struct Signing {
  enum class Format { openpgp, x509, ssh };
  Format format = Format::openpgp;
  std::string program;
  std::string key;                  // what gpg looks up, or the file of an SSH key
  bool literal = false;             // `key` is an SSH key itself, whose other half an agent holds
  std::string directory;            // where Git works
  std::string temporary_directory;  // for what ssh-keygen reads from files
};

/// What `commit.gpgsign` and the like ask for; none: nothing. `committer` is "Name <mail>", whose key is used where
/// none is named. A program or a key that is not there is a problem, before anything is signed.
std::variant<std::optional<Signing>, Problem> find_signing(base::Fs& disk, const Settings& settings,
                                                           const std::string& committer, const std::string& root,
                                                           const Environment& environment);

/// The signature of a commit's text, with a line break at its end.
std::variant<std::string, Problem> sign(base::Fs& disk, const Signing& signing, std::string_view commit,
                                        const RunProgram& run);

/// The commit with it: a header of its own, as the last one, in which each further line begins with a blank.
std::string with_signature(std::string_view commit, std::string_view signature);

}  // namespace meshfed::git

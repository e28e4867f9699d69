// Which federation a command is about, and where its output is.
#pragma once

#include <string>
#include <string_view>

#include "base/fs.hpp"
#include "cli/declaration.hpp"
#include "cli/session.hpp"

namespace meshfed::cli {

/// The main file, as the command line names it: by -f, or as an argument of its own.
struct SourceArguments {
  std::string option;
  std::string positional;

  bool given() const { return !option.empty() || !positional.empty(); }
  /// What was given, else `federation.toml`.
  std::string path() const;
  /// What is wrong if two different files are named; empty: nothing.
  std::string conflict() const;
};

/// Whether a word is meant as a main file; -f takes any name.
bool is_main_file(std::string_view word);

/// -f, --file
Argument source_option(SourceArguments& source);
/// The same without -f; a word that is no main file is refused.
Argument source_argument(SourceArguments& source);

/// `federation.toml` here, else the nearest one in a directory above, as `../federation.toml`; none beyond the top of a
/// Git working tree, which is where somebody else's begin. `federation.toml` if there is none at all.
std::string nearest_source(base::Fs& fs);

struct Place {
  std::string file;  // the main file
  std::string out;   // the output directory
};

/// Where a command works. Without a name for the main file, the nearest one is taken; if that is in a directory above,
/// this is said, and the default output is there too, as if the command was run there. `out` is what -o says, relative
/// to the working directory; empty if it was not given. In Argo CD's sidecar nothing above is looked at: that is
/// another Application's.
Place find_place(Session& session, const SourceArguments& source, const std::string& out);

/// The same for a command without output.
std::string find_source(Session& session, const SourceArguments& source);

}  // namespace meshfed::cli

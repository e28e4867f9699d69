// What a shell offers when Tab is pressed. The scripts that `meshfedc completion` prints ask for it with
// `meshfedc complete WORD…`, so that every shell offers the same, and cannot be older than the command line.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "cli/declaration.hpp"

namespace meshfed::cli {

/// What may stand where the cursor is: the words themselves, or where the shell or the federation has them.
struct Completion {
  struct Word {
    std::string text;
    std::string meaning;  // may be empty
    bool operator==(const Word&) const = default;
  };
  enum class Source { words, files, directories, clusters, meshes, names, codes };

  Source source = Source::words;
  std::vector<Word> words;  // that begin with `typed`
  std::string typed;        // what there is already of the word, or of the value behind `--option=`
  std::string federation;   // the main file, as said on the line
};

/// `line` holds the words behind the program's name up to the cursor, the last one perhaps empty. Bash cuts
/// `--option=value` into three; that is understood too.
Completion complete(const Command& tool, const std::vector<std::string>& line);

/// The answer to a shell: lines of WORD, tab, MEANING, and perhaps one `:files` or `:directories` for what the shell is
/// to add. Values are without `--option=`. Names come from the federation, as far as it can be read; what is
/// wrong with it is not told.
std::string answer(Completion completion, base::Fs& fs);

}  // namespace meshfed::cli

// A folder of tests/diag: what meshfedc says about one mistake, word for word.
#pragma once

#include <string>
#include <vector>

namespace meshfed::testing {

/// Runs a folder. It holds
///   federation.toml   and other files, as the user has them;
///   cmd               the arguments of meshfedc in one line; `validate` if there is none;
///   script.sh         or shell commands instead, where the files must be made or there is more than one command;
///   stderr.txt        what is printed, compared as a whole.
/// All of it is copied to a directory of its own first. A line of a TOML file that is reported ends with `#~ MF0301`, a
/// code for each report; `#~^ MF0301` speaks of the line above. Marks and reported lines must be the same. With
/// MESHFED_UPDATE=1 in the environment stderr.txt is written instead of compared; the marks are checked all the same.
void diag_case(const std::string& name);

/// The names of all folders, sorted.
std::vector<std::string> diag_folders();

}  // namespace meshfed::testing

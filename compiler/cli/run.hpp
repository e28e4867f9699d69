// The whole command line as a function: nothing in here touches the process, so a test needs none.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/fs.hpp"
#include "cli/environment.hpp"
#include "cli/terminal.hpp"
#include "git/program.hpp"

namespace meshfed::cli {

/// Runs one command. `arguments` are those after the program's name. Returns the exit status (cli/exit.hpp) but for
/// bugs, which come out as exceptions. Files are read and written through `fs` alone; `run_program` runs the program
/// that signs a commit, and without it none can be signed.
int run(const std::vector<std::string>& arguments, const Environment& environment, base::Fs& fs,
        const Terminal& terminal, base::Clock& clock, const git::RunProgram& run_program = nullptr);

}  // namespace meshfed::cli

// From the process to cli::run and back: the only place that constructs the real file system and the real streams.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/disk_fs.hpp"
#include "cli/exit.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"

int main(int argc, char** argv) {
  using namespace meshfed;
  try {
    const cli::Terminal terminal = cli::standard_streams();
    base::DiskFs fs;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run(arguments, fs, terminal);
  } catch (const std::exception& bug) {
    std::fprintf(stderr,
                 "meshfedc: internal error: %s\nThis is a bug in meshfedc; what it was given is not to blame.\n",
                 bug.what());
  } catch (...) {
    std::fputs("meshfedc: internal error\n", stderr);
  }
  return cli::kInternal;
}

// From the process to cli::run and back: the only place that constructs the real file system, clock and streams, and
// that lets another program be run.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/clock.hpp"
#include "base/disk_fs.hpp"
#include "cli/environment.hpp"
#include "cli/exit.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"
#include "git/program.hpp"

int main(int argc, char** argv) {
  using namespace meshfed;
#ifdef __GLIBC__
  // Trees of small values are built and freed as a whole; with fast bins glibc then merges all of them again and again
  // (a third of the time of validating 200,000 exports).
  mallopt(M_MXFAST, 0);
#endif
  try {
    const cli::Environment environment = cli::process_environment();
    const cli::Terminal terminal = cli::standard_streams(environment);
    base::DiskFs fs;
    base::SystemClock clock;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run(arguments, environment, fs, terminal, clock, git::run_program);
  } catch (const std::exception& bug) {
    std::fprintf(stderr,
                 "meshfedc: internal error: %s\nThis is a bug in meshfedc, not in your input. Please report it.\n",
                 bug.what());
  } catch (...) {
    std::fputs("meshfedc: internal error\n", stderr);
  }
  return cli::kInternal;
}

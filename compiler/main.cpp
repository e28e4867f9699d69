// From the process to cli::run and back: the only place that constructs the real file system and the real streams.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/disk_fs.hpp"
#include "cli/environment.hpp"
#include "cli/exit.hpp"
#include "cli/run.hpp"
#include "cli/terminal.hpp"

int main(int argc, char** argv) {
  using namespace meshfed;
#ifdef __GLIBC__
  // Trees of small values are built and freed as a whole; with fast bins glibc then merges all of them again and again
  // (a third of the time of validating 200,000 exports).
  mallopt(M_MXFAST, 0);
#endif
  try {
    const cli::Terminal terminal = cli::standard_streams();
    base::DiskFs fs;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run(arguments, cli::process_environment(), fs, terminal);
  } catch (const std::exception& bug) {
    std::fprintf(stderr,
                 "meshfedc: internal error: %s\nThis is a bug in meshfedc; what it was given is not to blame.\n",
                 bug.what());
  } catch (...) {
    std::fputs("meshfedc: internal error\n", stderr);
  }
  return cli::kInternal;
}

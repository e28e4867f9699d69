// measure COMMAND [ARGUMENT…]: runs a command with its standard output thrown away, prints what it took (its children
// included), and ends with its exit code. A program of its own because the peak that the kernel tells of a process
// includes what its parent held at the fork: an interpreter's own size would hide that of a small command.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measurement.hpp"

namespace {

[[noreturn]] void become(char** command) {
  const int null = open("/dev/null", O_WRONLY);
  if (null < 0 || dup2(null, STDOUT_FILENO) < 0) _exit(126);
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: measure COMMAND [ARGUMENT...]\n", stderr);
    return 64;
  }
  const auto start = bench::Clock::now();
  const pid_t child = fork();
  if (child == 0) become(argv + 1);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    std::perror("measure");
    return 126;
  }
  bench::print_measurement(bench::Clock::now() - start, rusage{}, usage, usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

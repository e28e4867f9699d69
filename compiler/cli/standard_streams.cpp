#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <string_view>

#include "cli/terminal.hpp"

namespace meshfed::cli {
namespace {

// Read-only, so that writing to it is the same error as writing to a closed one.
void fill_closed_descriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDONLY);
  }
}

// All of it, also to a descriptor that somebody made non-blocking.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd wait{fd, POLLOUT, 0};
      if (poll(&wait, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Network file systems tell only at closing that the bytes did not arrive.
int write_result(std::string_view bytes) {
  if (const int error = write_all(STDOUT_FILENO, bytes)) return error;
  const int copy = dup(STDOUT_FILENO);
  if (copy >= 0 && close(copy) != 0 && errno != EINTR) return errno;
  return 0;
}

bool wants_color(int fd, const Environment& environment) {
  return value_of(environment, "NO_COLOR").empty() && value_of(environment, "TERM") != "dumb" && isatty(fd) == 1;
}

bool is_watched(int fd, const Environment& environment) {
  const std::string_view term = value_of(environment, "TERM");
  return isatty(fd) == 1 && !term.empty() && term != "dumb";
}

std::chrono::milliseconds steady_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

Terminal standard_streams(const Environment& environment) {
  fill_closed_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
  return {.out = write_result,
          .err =
              [mutex = std::make_shared<std::mutex>()](std::string_view text) {
                const std::lock_guard lock(*mutex);
                write_all(STDERR_FILENO, text);
              },
          .color_out = wants_color(STDOUT_FILENO, environment),
          .color_err = wants_color(STDERR_FILENO, environment),
          .progress_clock = is_watched(STDERR_FILENO, environment) ? steady_time : nullptr};
}

}  // namespace meshfed::cli

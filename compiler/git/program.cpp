#include "git/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

extern char** environ;

namespace meshfed::git {
namespace {

class Descriptor {
 public:
  Descriptor() = default;
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  void set(int number) { number_ = number; }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor from;
  Descriptor to;

  bool open() {
    std::array<int, 2> ends = {};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    from.set(ends[0]);
    to.set(ends[1]);
    return true;
  }
};

/// A program that ends before it has read its input must not end this one: SIGPIPE is blocked as long as it lives.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once = {};
    if (sigismember(&before_, SIGPIPE) == 0) {
      while (sigtimedwait(&pipe_, nullptr, &at_once) > 0) continue;
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

  const sigset_t& before() const { return before_; }

 private:
  sigset_t pipe_ = {};
  sigset_t before_ = {};
};

struct Pipes {
  Pipe input, output, errors;

  bool open(bool with_input) { return (!with_input || input.open()) && output.open() && errors.open(); }

  void keep_ours() {
    input.from.close();
    output.to.close();
    errors.to.close();
  }
};

/// An errno; 0: it runs.
int spawn(const Program& program, const Pipes& pipes, const sigset_t& mask, pid_t& child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_addchdir_np(&actions, program.directory.c_str());
  if (program.input) posix_spawn_file_actions_adddup2(&actions, pipes.input.from.number(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.output.to.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.errors.to.number(), STDERR_FILENO);
  std::vector<char*> words;
  for (const std::string& word : program.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int error = posix_spawnp(&child, words[0], &actions, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// Closes at the end, and when nothing can be read.
void read_some(Descriptor& from, std::string& text) {
  std::array<char, 4096> buffer = {};
  const ssize_t count = read(from.number(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) return from.close();
  text.append(buffer.data(), std::min(static_cast<std::size_t>(count), kMaxOutput - text.size()));
}

void write_some(Descriptor& to, std::string_view& rest) {
  const ssize_t count = write(to.number(), rest.data(), rest.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count < 0) return to.close();  // it does not want more
  rest.remove_prefix(static_cast<std::size_t>(count));
}

/// All three at once: a program may wait for any of them.
void talk(Pipes& pipes, std::string_view input, Ended& ended) {
  if (pipes.input.to.is_open()) fcntl(pipes.input.to.number(), F_SETFL, O_NONBLOCK);
  while (true) {
    if (input.empty()) pipes.input.to.close();
    if (!pipes.output.from.is_open() && !pipes.errors.from.is_open() && !pipes.input.to.is_open()) return;
    std::array<pollfd, 3> ready = {pollfd{pipes.input.to.number(), POLLOUT, 0},
                                   pollfd{pipes.output.from.number(), POLLIN, 0},
                                   pollfd{pipes.errors.from.number(), POLLIN, 0}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) write_some(pipes.input.to, input);
    if (ready[1].revents != 0) read_some(pipes.output.from, ended.output);
    if (ready[2].revents != 0) read_some(pipes.errors.from, ended.errors);
  }
}

}  // namespace

Ended run_program(const Program& program) {
  Ended ended;
  Pipes pipes;
  if (!pipes.open(program.input.has_value())) return {errno, 0, {}, {}};
  const NoBrokenPipe quiet;
  pid_t child = 0;
  ended.error = spawn(program, pipes, quiet.before(), child);
  if (ended.error != 0) return ended;
  pipes.keep_ours();
  talk(pipes, program.input ? std::string_view(*program.input) : std::string_view(), ended);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return {errno, 0, {}, {}};
  }
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

}  // namespace meshfed::git

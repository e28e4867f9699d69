// One run of a command: the files it read, what it has to report, and how that reaches the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/fs.hpp"
#include "base/trace.hpp"
#include "cli/environment.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/terminal.hpp"
#include "diag/render_text.hpp"
#include "diag/sink.hpp"
#include "driver/job.hpp"
#include "git/program.hpp"
#include "source/manager.hpp"

namespace meshfed::cli {

/// What every command gets. All of it outlives the command.
struct Context {
  base::Fs& fs;
  const Terminal& terminal;
  base::Trace trace;
  const Environment& environment;
  base::Clock& clock;
  git::RunProgram run_program = nullptr;
};

class Session {
 public:
  /// `limit` is how many reports are shown as text.
  Session(const Context& context, Format format, std::size_t limit = diag::TextOptions().limit)
      : context_(context), format_(format), limit_(limit) {}

  /// Writes the result to standard output; a failure is reported (MF0017). Call at most once.
  void print(std::string_view result);

  /// `say` says nothing from now on, if `quiet`.
  void be_quiet(bool quiet) { quiet_ = quiet; }

  /// A line on standard error that is no diagnostic, such as a summary. Machines, which asked for JSON or SARIF, are
  /// spared it.
  void say(std::string_view line);

  /// Shows all reports and says how the process ends: `otherwise` if none is an error. Call last, once; only `say` may
  /// follow.
  Exit finish(Exit otherwise = kOk);

  /// What the driver works with: this session's files and sink.
  driver::Job job() { return {context_.fs, files_, sink_, context_.trace}; }
  bool failed() const { return sink_.errors() > 0; }
  diag::Sink& sink() { return sink_; }
  const Context& context() const { return context_; }

 private:
  std::string rendered() const;

  const Context& context_;
  Format format_;
  std::size_t limit_;
  bool quiet_ = false;
  source::Manager files_;
  diag::Sink sink_;
};

}  // namespace meshfed::cli

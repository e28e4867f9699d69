// Commands on a file system in memory, and what they said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cli/command/starter.hpp"
#include "cli/run.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

struct Shell {
  MemoryFs fs;
  std::string out;
  std::string err;
  int exit = -1;
  int out_error = 0;  // errno that writing to standard output gives
  int prints = 0;     // how often standard output was written to
  cli::Environment environment;
  base::SystemClock clock;

  /// `federation.toml` holds, if asked for, the starter with an address that gives no warning, and with mTLS.
  explicit Shell(bool with_source = true) {
    if (!with_source) return;
    fs.put("federation.toml", cli::starter());
    replace("172.18.255.1", "203.0.113.1");
    replace("# mtls = ", "mtls = ");
  }

  /// Replaces `out`, `err` and `exit`.
  int run(const std::vector<std::string>& arguments) {
    out.clear();
    err.clear();
    prints = 0;
    const cli::Terminal terminal{.out =
                                     [this](std::string_view text) {
                                       ++prints;
                                       if (out_error == 0) out += text;
                                       return out_error;
                                     },
                                 .err = [this](std::string_view text) { err += text; }};
    return exit = cli::run(arguments, environment, fs, terminal, clock);
  }

  /// Edits federation.toml.
  void replace(std::string_view old, std::string_view by) {
    std::string text = *fs.bytes("federation.toml");
    text.replace(text.find(old), old.size(), by);
    fs.put("federation.toml", text);
  }
};

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace meshfed::testing

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "shell.hpp"

using meshfed::testing::contains;
using meshfed::testing::Shell;

TEST_CASE("a wrong command line exits with 64, says why, and prints no result") {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"biuld"},
      {"--nope"},
      {"build", "--nope"},
      {"build", "stray"},
      {"build", "-o"},
      {"build", "-o", ""},
      {"build", "-f", "a", "-f", "b"},
      {"build", "--jobs", "0"},
      {"build", "--jobs", "-1"},
      {"build", "--jobs", "many"},
      {"build", "--format", "xml"},
      {"build", "--shard", "2"},
      {"build", "--shard", "a/b"},
      {"build", "--shard", "1/"},
      {"build", "--shard", "-1/2"},
      {"build", "--shard", "1/99999999999"},
      {"build", "--cluster"},
      {"build", "--cluster", "east-cluster", "west-cluster"},
      {"build", "-o", "-", "--dry-run"},
      {"build", "-o", "-", "--exit-code"},
      {"build", "-o", "-", "--force"},
      {"validate", "federation.toml"},
      {"explain", "MF0001", "MF0002"},
      {"version", "--output", "yaml"},
      {"build", "validate"},
      {"cmp"},
      {"cmp", "genrate"},
      {"cmp", "generate", "--cluster"},
      {"cmp", "generate", "--application", "mesh-east"},
      {"cmp", "generate", "parameters"},
      {"cmp", "parameters", "--cluster", "east-cluster"},
  };
  for (const std::vector<std::string>& arguments : wrong) {
    Shell shell;
    CAPTURE(arguments);
    CHECK(shell.run(arguments) == 64);
    CHECK(shell.prints == 0);
    CHECK(shell.err.starts_with("meshfedc: "));
    CHECK(contains(shell.err, " --help`\n"));
    CHECK(shell.fs.changes().empty());
  }
}

TEST_CASE("a misspelt command is put right") {
  Shell shell;
  shell.run({"biuld", "-o", "x"});
  CHECK(shell.err ==
        "meshfedc: unknown command `biuld`\n"
        "  = help: did you mean `build`?\n"
        "  = see `meshfedc --help`\n");
  shell.run({"\x1b[2J"});
  CHECK(shell.err ==
        "meshfedc: unknown command `\\x1b[2J`\n"
        "  = see `meshfedc --help`\n");
  shell.run({"cmp", "genrate"});
  CHECK(shell.err ==
        "meshfedc: unknown command `genrate`\n"
        "  = help: did you mean `generate`?\n"
        "  = see `meshfedc cmp --help`\n");
  shell.run({"completion"});
  CHECK(shell.err == "meshfedc: shell is required\n  = see `meshfedc completion --help`\n");
  shell.run({});
  CHECK(shell.err == "meshfedc: a command is required\n  = see `meshfedc --help`\n");
}

TEST_CASE("every command has help with an example") {
  for (const char* command : {"build", "validate", "explain", "schema", "init", "completion", "cmp", "version"}) {
    Shell shell(false);
    CAPTURE(command);
    CHECK(shell.run({command, "--help"}) == 0);
    CHECK(contains(shell.out, std::string("Usage: meshfedc ") + command));
    CHECK(contains(shell.out, std::string("\n  meshfedc ") + command));
    CHECK(shell.err.empty());
    CHECK(shell.run({"--help"}) == 0);
    CHECK(contains(shell.out, std::string("\n  ") + command + "  "));
  }
}

TEST_CASE("help that cannot be written is an error") {
  Shell shell;
  shell.out_error = ENOSPC;
  CHECK(shell.run({"--help"}) == 4);
  CHECK(contains(shell.err, "error[MF0017]: cannot write to standard output: No space left on device\n"));
}

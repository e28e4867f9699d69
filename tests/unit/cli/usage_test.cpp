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
      {"build", "validate"},
      {"build", "a.toml", "b.toml"},
      {"init", "prod"},
      {"build", ""},
      {"build", "-f", ""},
      {"build", "a.toml", "-f", "b.toml"},
      {"check", "a.toml", "-f", "b.toml"},
      {"diff", "a.toml", "-f", "b.toml"},
      {"diff", "a.toml", "b.toml"},
      {"diff", "HEAD~1", "HEAD"},
      {"diff", "HEAD", "a.toml", "b.toml"},
      {"init", "a.toml", "-f", "b.toml"},
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
      {"validate", "a.toml", "--file", "b.toml"},
      {"cmp", "generate", "federation.toml"},
      {"explain", "MF0001", "MF0002"},
      {"version", "--output", "yaml"},
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

TEST_CASE("what contradicts itself is said") {
  const struct {
    std::vector<std::string> arguments;
    const char* said;
  } kCases[] = {
      {{"validate", "a.toml", "-f", "b.toml"},
       "meshfedc: the main file is given twice: `a.toml`, and `b.toml` by -f; name one\n"},
      {{"build", "--cluster", "a", "b"},
       "meshfedc: file: b does not end in .toml, as the main file does; name any other file with -f\n"},
      {{"diff", "a.toml", "b.toml"}, "meshfedc: the main file is given twice: `a.toml` and `b.toml`; name one\n"},
      {{"diff", "HEAD~1", "HEAD"},
       "meshfedc: `HEAD~1` and `HEAD` are two revisions; name only one, to be compared with what federation.toml "
       "compiles to\n"},
  };
  for (const auto& [arguments, said] : kCases) {
    Shell shell;
    CHECK(shell.run(arguments) == 64);
    CHECK(shell.err.starts_with(said));
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
  for (const char* command :
       {"build", "validate", "list", "explain", "schema", "init", "completion", "cmp", "version"}) {
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

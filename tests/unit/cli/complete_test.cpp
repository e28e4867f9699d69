#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "shell.hpp"

using meshfed::testing::contains;
using meshfed::testing::Shell;

namespace {

/// The words that a shell is offered, without their meanings.
std::vector<std::string> offered(Shell& shell, std::vector<std::string> line) {
  line.insert(line.begin(), "complete");
  CHECK(shell.run(line) == 0);
  CHECK(shell.err.empty());
  std::vector<std::string> words;
  for (std::size_t at = 0; at < shell.out.size(); at = shell.out.find('\n', at) + 1)
    words.push_back(shell.out.substr(at, shell.out.find_first_of("\t\n", at) - at));
  return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the shell is offered what may stand at the cursor") {
  struct Case {
    Words line;
    Words offered;
  };
  const Words formats{"text", "json", "github", "sarif"};
  const std::vector<Case> cases{
      {{"va"}, {"validate"}},
      {{"-v", "va"}, {"validate"}},
      {{"--verb"}, {"--verbose"}},
      {{"build", "--fo"}, {"--force", "--format"}},
      {{"build", "--verb"}, {"--verbose"}},
      {{"build", "--dry-run", "--dr"}, {}},
      {{"build", "--cluster", "a", "--clu"}, {"--cluster"}},
      {{"build", "--format", ""}, formats},
      {{"build", "--format=g"}, {"github"}},
      {{"build", "--format", "=", "s"}, {"sarif"}},
      {{"build", "--format", "="}, formats},
      {{"build", "-f", ""}, {":files"}},
      {{"build", "-o", ""}, {":directories"}},
      {{"build", "-o", "x", "--format", "j"}, {"json"}},
      {{"build", ""}, {":files"}},
      {{"build", "federation.toml", ""}, {}},
      {{"build", "federation.toml", "--cluster", "w"}, {"west-cluster"}},
      {{"build", "none.toml", "--cluster", "w"}, {}},
      {{"diff", "HEAD", ""}, {":files"}},
      {{"list", ""}, {"exports", "hosts", "clusters", "networks", "meshes"}},
      {{"list", "clusters", ""}, {":files"}},
      {{"list", "--mesh", "e"}, {"east-mesh"}},
      {{"show", "e"}, {"east-cluster", "east-mesh", "east-network"}},
      {{"show", "h"}, {"httpbin"}},
      {{"show", "httpbin", ""}, {":files"}},
      {{"graph", "--focus", "w"}, {"west-cluster", "west-mesh", "west-network"}},
      {{"graph", "--format", ""}, {"svg", "mermaid", "dot", "html"}},
      {{"graph", "-o", ""}, {":files"}},
      {{"schema", ""}, {"federation", "list", "show", "trace", "trace-against", "exposure", "facts", "requirements"}},
      {{"validate", "--format", "text", "-"}, {"--help", "--file", "--at", "--quiet", "--verbose", "--version"}},
      {{"explain", "MF0301"}, {"MF0301"}},
      {{"explain", "MF0301", ""}, {}},
      {{"completion", ""}, {"bash", "zsh", "fish"}},
      {{"schema", "--format", ""}, {"json", "markdown"}},
      {{"cmp", ""}, {"generate", "parameters"}},
      {{"cmp", "generate", "--cl"}, {"--cluster"}},
      {{"cmp", "generate", "--cluster", "w"}, {"west-cluster"}},
      {{"cmp", "parameters", "--cl"}, {}},
      {{"cmp", "generate", ""}, {}},
      {{"cmp", "nonsense", ""}, {}},
      {{"nonsense", ""}, {}},
      {{"build", "--nonsense=x"}, {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.line);
    Shell shell;
    CHECK(offered(shell, c.line) == c.offered);
  }
}

TEST_CASE("every command is offered, and no word that is for machines") {
  Shell shell;
  const Words commands = offered(shell, {""});
  CHECK(commands == offered(shell, {}));
  CHECK(commands.front() == "build");
  for (const std::string& command : commands) {
    CAPTURE(command);
    CHECK(shell.run({command, "--help"}) == 0);
    CHECK(command != "complete");
    CHECK(command != "manual");
  }
}

TEST_CASE("a word comes with its meaning") {
  Shell shell;
  offered(shell, {"versi"});
  CHECK(shell.out == "version\tPrint the version\n");
  offered(shell, {"explain", "MF0017"});
  CHECK(shell.out == "MF0017\tCannotPrint\n");
}

TEST_CASE("clusters come from the federation that the line is about") {
  Shell shell;
  CHECK(offered(shell, {"build", "--cluster", ""}) == Words{"east-cluster", "west-cluster"});
  CHECK(offered(shell, {"build", "--cluster", "w"}) == Words{"west-cluster"});
  CHECK(offered(shell, {"build", "-f", "none.toml", "--cluster", ""}).empty());
  shell.fs.put("other/federation.toml", "[cluster.north]\n[cluster.\"$(touch x)\"]\nmesh = 7\n");
  CHECK(offered(shell, {"build", "-f", "other/federation.toml", "--cluster", ""}) == Words{"north"});
  CHECK(offered(shell, {"build", "--file=other/federation.toml", "--cluster", "n"}) == Words{"north"});
  shell.fs.put("federation.toml", "[cluster.half");  // what is typed while the file is being written
  CHECK(offered(shell, {"build", "--cluster", ""}) == Words{"half"});
  shell.fs.put("federation.toml", "\"");
  CHECK(offered(shell, {"build", "--cluster", ""}).empty());
}

TEST_CASE("a manual page holds every command and option, and needs nothing but ASCII") {
  Shell shell(false);
  REQUIRE(shell.run({"manual"}) == 0);
  CHECK(shell.out.starts_with(".TH MESHFEDC 1 \""));
  CHECK(shell.err.empty());
  for (const char* text :
       {"\n.SS validate\n", "\n.SS cmp generate\n", "\n\\fBmeshfedc cmp generate\\fR [\\fIoptions\\fR]\n",
        "\n\\fBmeshfedc diff\\fR [\\fIoptions\\fR] [\\fIREV\\fR] [\\fIPATH\\fR]\n",
        "\n\\fB\\-f\\fR, \\fB\\-\\-file\\fR \\fIPATH\\fR\n", "\n.SH EXIT STATUS\n",
        "\nmeshfedc build prod/federation.toml \\-o deploy/prod\n", "\n.B 64\n"}) {
    CAPTURE(text);
    CHECK(contains(shell.out, text));
  }
  for (const char c : shell.out) REQUIRE((c == '\n' || (c >= ' ' && c <= '~')));
}

#include "git/sign.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "git/program.hpp"
#include "support/memory_fs.hpp"
#include "support/temp_dir.hpp"

using namespace meshfed;
using namespace meshfed::git;
using meshfed::testing::MemoryFs;
using meshfed::testing::TempDir;

namespace {

constexpr const char* kCommit = "tree 1\nauthor a\n\nsubject\n\nbody\n";
constexpr const char* kCreated = "[GNUPG:] SIG_CREATED D 1\n";

struct Scene {
  MemoryFs fs;
  std::vector<Program> runs;
  Ended ended;
  std::function<void(const Program&)> work = nullptr;  // what the program does
  Environment environment;

  Scene() {
    fs.put("/bin/gpg", "");
    fs.put("/bin/ssh-keygen", "");
    fs.put("/r/keys/key", "");
    fs.put_directory("/tmp");
    environment.variables = {{"PATH", "/nowhere:/bin"}, {"HOME", "/r"}};
    environment.run = [this](const Program& program) {
      runs.push_back(program);
      if (work) work(program);
      return ended;
    };
  }

  /// With `commit.gpgsign`.
  std::variant<std::optional<Signing>, Problem> find(std::vector<ConfigEntry> entries) {
    entries.push_back({"commit.gpgsign", "true"});
    return find_signing(fs, {std::move(entries)}, "C <c@example.com>", "/r", environment);
  }

  Signing signing(std::vector<ConfigEntry> entries) {
    const auto found = find(std::move(entries));
    REQUIRE(std::holds_alternative<std::optional<Signing>>(found));
    REQUIRE(std::get<std::optional<Signing>>(found));
    return *std::get<std::optional<Signing>>(found);
  }

  std::string problem(std::vector<ConfigEntry> entries) {
    const auto found = find(std::move(entries));
    const auto* problem = std::get_if<Problem>(&found);
    return problem ? problem->detail : "none";
  }

  /// The signature, or why there is none.
  std::string sign(const Signing& how) {
    const auto made = git::sign(fs, how, kCommit, environment.run);
    const auto* problem = std::get_if<Problem>(&made);
    return problem ? "problem: " + problem->detail : std::get<std::string>(made);
  }
};

TEST_CASE("nothing is signed unless it is asked for") {
  Scene scene;
  for (const Settings& settings : {Settings{}, Settings{{{"commit.gpgsign", "no"}}}}) {
    const auto found = find_signing(scene.fs, settings, "C <c@example.com>", "/r", scene.environment);
    CHECK_FALSE(std::get<std::optional<Signing>>(found));
  }
}

TEST_CASE("gpg gets the commit and the key as from Git, and says that it has signed") {
  Scene scene;
  const Signing signing = scene.signing({});
  scene.ended = {.output = "SIGNATURE\r\nmore\n", .errors = kCreated};
  CHECK(scene.sign(signing) == "SIGNATURE\nmore\n");
  REQUIRE(scene.runs.size() == 1);
  CHECK(scene.runs[0].words == std::vector<std::string>{"gpg", "--status-fd=2", "-bsau", "C <c@example.com>"});
  CHECK(scene.runs[0].directory == "/r");
  CHECK(scene.runs[0].input == kCommit);
  CHECK(scene.signing({{"user.signingkey", "K"}}).key == "K");
  CHECK(scene.signing({{"gpg.program", "/bin/gpg"}, {"gpg.openpgp.program", "../bin/gpg"}}).program == "../bin/gpg");

  scene.ended = {.output = "SIGNATURE\n", .errors = std::string("gpg: text ") + kCreated};
  CHECK(scene.sign(signing).starts_with("problem: `gpg`: gpg: text"));
  scene.ended = {.status = 2, .errors = "[GNUPG:] FAILURE\ngpg: no key \ngpg: failed\n"};
  CHECK(scene.sign(signing) == "problem: `gpg`: gpg: no key; gpg: failed");
  scene.ended = {.status = 137};
  CHECK(scene.sign(signing) == "problem: `gpg`: it printed no error");
  scene.ended = {.error = ENOENT};
  CHECK(scene.sign(signing) == "problem: `gpg` cannot be run: No such file or directory");
  scene.environment.run = nullptr;
  CHECK(scene.sign(signing).starts_with("problem: `gpg` cannot be run"));
}

TEST_CASE("ssh-keygen gets files of its own, which do not stay") {
  Scene scene;
  const std::vector<ConfigEntry> ssh{{"gpg.format", "ssh"}};
  const auto with = [&](std::vector<ConfigEntry> more) {
    more.insert(more.end(), ssh.begin(), ssh.end());
    return scene.signing(more);
  };
  const Signing file = with({{"user.signingkey", "~/keys/key"}});
  scene.work = [&](const Program& program) {
    CHECK(scene.fs.bytes(program.words.back()) == kCommit);
    scene.fs.put(program.words.back() + ".sig", "SSH\n");
  };
  CHECK(scene.sign(file) == "SSH\n");
  std::vector<std::string> words = scene.runs.back().words;
  CHECK_FALSE(scene.runs.back().input);
  CHECK_FALSE(scene.fs.exists(words.back()));
  CHECK(scene.fs.list_directory("/tmp").value.empty());
  words.pop_back();
  CHECK(words == std::vector<std::string>{"ssh-keygen", "-Y", "sign", "-n", "git", "-f", "/r/keys/key"});

  const Signing literal = with({{"user.signingkey", "key::ssh-ed25519 AAAA me"}});
  scene.work = [&](const Program& program) {
    CHECK(scene.fs.bytes(program.words[6]) == "ssh-ed25519 AAAA me");
    CHECK(program.words[7] == "-U");
    scene.fs.put(program.words.back() + ".sig", "SSH");
  };
  CHECK(scene.sign(literal) == "SSH\n");
  scene.work = nullptr;
  CHECK(scene.sign(file) == "problem: `ssh-keygen`: it printed no error");
  scene.ended = {.status = 255, .errors = "no identity\n"};
  CHECK(scene.sign(file) == "problem: `ssh-keygen`: no identity");
  CHECK(scene.fs.list_directory("/tmp").value.empty());
  scene.fs.fail(MemoryFs::Call::make_directory, 1, EACCES);
  CHECK(scene.sign(file) == "problem: `/tmp` is not writable: Permission denied");
  scene.fs.fail(MemoryFs::Call::write, 1, ENOSPC);
  CHECK(scene.sign(file) == "problem: `/tmp` is not writable: No space left on device");
}

TEST_CASE("a program or a key that is not there is known before anything is signed") {
  Scene scene;
  CHECK(scene.problem({{"gpg.format", "x509"}}) == "cannot find the program `gpgsm`");
  CHECK(scene.problem({{"gpg.program", "/none"}}) == "cannot find the program `/none`");
  CHECK(scene.problem({{"gpg.format", "pgp"}}) == "`gpg.format` is `pgp`");
  CHECK(scene.problem({{"gpg.format", "ssh"}}) == "`gpg.format` is `ssh`, and `user.signingKey` is not set");
  CHECK(scene.problem({{"gpg.format", "ssh"}, {"user.signingkey", "none"}}) ==
        "the key `none` in `user.signingKey` does not exist");
  CHECK(scene.runs.empty());
  scene.environment.variables.erase("PATH");
  CHECK(scene.problem({}) == "cannot find the program `gpg`");
}

TEST_CASE("a command may name the SSH key") {
  Scene scene;
  const std::vector<ConfigEntry> command{{"gpg.format", "ssh"},
                                         {"gpg.ssh.defaultkeycommand", "a 'b c' \"d\\\"\" e\\ f"}};
  scene.ended = {.output = "ssh-ed25519 AAAA\nssh-rsa BBBB\n"};
  CHECK(scene.signing(command).key == "ssh-ed25519 AAAA");
  CHECK(scene.runs.back().words == std::vector<std::string>{"a", "b c", "d\"", "e f"});
  scene.ended = {.output = "no key\n", .errors = "why\n"};
  CHECK(scene.problem(command).ends_with("gives no key: why"));
  scene.ended = {.status = 1, .output = "ssh-ed25519 AAAA\n"};
  CHECK(scene.problem(command).ends_with("gives no key: it printed no error"));
  CHECK(
      scene.problem({{"gpg.format", "ssh"}, {"gpg.ssh.defaultkeycommand", "a 'b"}}).ends_with("has an unclosed quote"));
}

TEST_CASE("a signature is the last header, and the lines of it go on behind a blank") {
  CHECK(with_signature(kCommit, "one\n\ntwo\n") == "tree 1\nauthor a\ngpgsig one\n \n two\n\nsubject\n\nbody\n");
}

TEST_CASE("a program reads its input, and its output, errors and status are known") {
  const TempDir directory;
  const auto run = [&](const std::string& script, std::optional<std::string> input = "") {
    return run_program({{"sh", "-c", script}, directory.path(), std::move(input)});
  };
  const std::string large(300'000, 'x');
  const Ended copied = run("cat; cat >&2 <&0; echo wrong >&2; exit 3", large);
  CHECK(copied.error == 0);
  CHECK(copied.status == 3);
  CHECK(copied.output == large);
  CHECK(copied.errors == "wrong\n");
  CHECK(run("kill -9 $$").status == 137);
  CHECK(run("exit 0", large).status == 0);  // which does not read it
  CHECK(run("pwd").output == directory.path() + "\n");
  CHECK(run("head -c 3000000 /dev/zero").output.size() == kMaxOutput);
  CHECK(run_program({{"no-such-program"}, directory.path()}).error == ENOENT);
  CHECK(run_program({{"sh", "-c", "true"}, directory / "none"}).error == ENOENT);
}

}  // namespace

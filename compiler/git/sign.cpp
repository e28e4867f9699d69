#include "git/sign.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/path.hpp"

namespace meshfed::git {
namespace {

using Format = Signing::Format;

constexpr std::size_t kMaxSignature = 1 << 20;
constexpr const char* kWithout = "or commit without a signature with `--unsigned`";

struct FormatRow {
  std::string_view name;  // of gpg.format
  Format format;
  std::string_view program;         // unless the configuration names another
  std::string_view key;             // of the configuration, in which it does
  std::string_view older_key = {};  // the same
};
constexpr auto kFormats = std::to_array<FormatRow>({
    {"openpgp", Format::openpgp, "gpg", "gpg.openpgp.program", "gpg.program"},
    {"x509", Format::x509, "gpgsm", "gpg.x509.program"},
    {"ssh", Format::ssh, "ssh-keygen", "gpg.ssh.program"},
});

Problem unsigned_only(std::string detail, std::string remedy) {
  return {Problem::Kind::unsigned_only, std::move(detail), std::move(remedy)};
}

Ended run_or_fail(const RunProgram& run, const Program& program) { return run ? run(program) : Ended{.error = ENOSYS}; }

std::string message_of(int error) { return std::generic_category().message(error); }

/// What a program said to people: not gpg's lines for machines.
std::string words_of(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("[GNUPG:]")) continue;
    words.append(words.empty() ? "" : "; ").append(line);
  }
  return words.empty() ? "it printed no error" : words;
}

std::string without_carriage_returns(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

bool exists(base::Fs& disk, const std::string& path) {
  const base::Result<base::Stat> found = disk.stat(path);
  return found.ok() && found.value.kind != base::FileKind::missing;
}

std::string in_directory(const std::string& directory, const std::string& path) {
  return path.starts_with('/') ? path : base::below(directory, path);
}

/// As the system searches it.
bool is_program(base::Fs& disk, const std::string& name, const std::string& root, const Environment& environment) {
  if (name.find('/') != std::string::npos) return exists(disk, in_directory(root, name));
  const std::string path = environment.value("PATH");
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string directory(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (exists(disk, base::below(directory.empty() ? root : in_directory(root, directory), name))) return true;
  }
  return false;
}

/// The key of "key::ssh-ed25519 …", or of "ssh-ed25519 …"; none: it is the name of a file.
std::optional<std::string> literal_key(const std::string& text) {
  if (text.starts_with("key::")) return text.substr(5);
  return text.starts_with("ssh-") ? std::optional(text) : std::nullopt;
}

/// Words as a shell has them, with quotes and backslashes; none: a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool within = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      if (within) words.push_back(std::exchange(word, {}));
      within = false;
      continue;
    }
    within = true;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else if (c == '\\' && quote != '\'') {
      if (++i == line.size()) return std::nullopt;
      word += line[i];
    } else {
      word += c;
    }
  }
  if (quote != 0) return std::nullopt;
  if (within) words.push_back(word);
  return words;
}

/// What `gpg.ssh.defaultKeyCommand` says: a literal key in the first line of its output.
std::variant<std::string, Problem> default_ssh_key(const Settings& settings, const std::string& root,
                                                   const Environment& environment) {
  constexpr const char* kSetting = "gpg.ssh.defaultKeyCommand";
  const std::string command = settings.text("gpg.ssh.defaultkeycommand");
  if (command.empty())
    return unsigned_only("`gpg.format` is `ssh`, and `user.signingKey` is not set",
                         "set `git config user.signingKey FILE`, " + std::string(kWithout));
  std::optional<std::vector<std::string>> words = split_words(command);
  if (!words || words->empty()) return bad_setting("`" + std::string(kSetting) + "` has an unclosed quote", "");
  const Ended ended = run_or_fail(environment.run, {*words, root});
  const std::string said = ended.error != 0 ? message_of(ended.error) : words_of(ended.errors);
  const std::string line = ended.output.substr(0, ended.output.find('\n'));
  if (ended.error == 0 && ended.status == 0 && literal_key(line)) return line;
  return unsigned_only("`" + std::string(kSetting) + "` (`" + command + "`) gives no key: " + said,
                       "set `git config user.signingKey FILE`, " + std::string(kWithout));
}

std::optional<Problem> take_ssh_key(base::Fs& disk, const Settings& settings, const Environment& environment,
                                    Signing& signing) {
  std::string named = settings.text("user.signingkey");
  if (named.empty()) {
    std::variant<std::string, Problem> found = default_ssh_key(settings, signing.directory, environment);
    if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
    named = std::move(std::get<std::string>(found));
  }
  if (std::optional<std::string> literal = literal_key(named)) {
    signing.key = std::move(*literal);
    signing.literal = true;
    return std::nullopt;
  }
  std::variant<std::string, Problem> path = expand_path(named, environment);
  if (auto* problem = std::get_if<Problem>(&path)) return std::move(*problem);
  signing.key = std::move(std::get<std::string>(path));
  if (exists(disk, in_directory(signing.directory, signing.key))) return std::nullopt;
  return unsigned_only("the key `" + named + "` in `user.signingKey` does not exist",
                       "set it to an existing file, " + std::string(kWithout));
}

// -- The programs
// -------------------------------------------------------------------------------------------------------

Problem failed_program(const Signing& signing, const Ended& ended) {
  if (ended.error != 0)
    return unsigned_only("`" + signing.program + "` cannot be run: " + message_of(ended.error),
                         "install it, " + std::string(kWithout));
  return unsigned_only(
      "`" + signing.program + "`: " + words_of(ended.errors),
      "make sure that it has the key that `git config user.signingKey` shows, " + std::string(kWithout));
}

bool has_created(std::string_view status) {
  constexpr std::string_view kCreated = "[GNUPG:] SIG_CREATED ";
  for (std::size_t at = status.find(kCreated); at != std::string_view::npos; at = status.find(kCreated, at + 1)) {
    if (at == 0 || status[at - 1] == '\n') return true;
  }
  return false;
}

std::variant<std::string, Problem> sign_gpg(const Signing& signing, std::string_view commit, const RunProgram& run) {
  Ended ended = run_or_fail(
      run, {{signing.program, "--status-fd=2", "-bsau", signing.key}, signing.directory, std::string(commit)});
  if (ended.error != 0 || ended.status != 0 || !has_created(ended.errors)) return failed_program(signing, ended);
  return without_carriage_returns(std::move(ended.output));
}

/// A directory of our own, so that nobody else can put anything into it; gone with all that ssh-keygen left there.
class TemporaryDirectory {
 public:
  TemporaryDirectory(base::Fs& disk, const std::string& parent) : disk_(disk) {
    constexpr int kAttempts = 1000;  // others of the same name were left by processes that were killed
    for (int i = 0; i < kAttempts; ++i) {
      path_ = base::below(parent, "meshfedc-sign-" + std::to_string(getpid()) + "-" + std::to_string(i));
      error_ = disk_.make_directory(path_);
      if (error_ != EEXIST) return;
    }
  }
  ~TemporaryDirectory() {
    if (error_ != 0) return;
    const base::Result<std::vector<std::string>> names = disk_.list_directory(path_);
    for (const std::string& name : names.value) disk_.remove_file(base::below(path_, name));
    disk_.remove_directory(path_);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  /// The path of a new file with these bytes; empty: `error` says why there is none.
  std::string put(const std::string& name, std::string_view bytes) {
    if (error_ != 0) return "";
    const std::string path = base::below(path_, name);
    write_error_ = disk_.write_new_file(path, bytes);
    return write_error_ == 0 ? path : "";
  }
  int error() const { return error_ != 0 ? error_ : write_error_; }

 private:
  base::Fs& disk_;
  std::string path_;
  int error_ = 0;
  int write_error_ = 0;
};

std::variant<std::string, Problem> sign_ssh(base::Fs& disk, const Signing& signing, std::string_view commit,
                                            const RunProgram& run) {
  TemporaryDirectory temporary(disk, signing.temporary_directory);
  const std::string key = signing.literal ? temporary.put("key", signing.key) : signing.key;
  const std::string buffer = key.empty() ? "" : temporary.put("commit", commit);
  if (buffer.empty())
    return unsigned_only("`" + signing.temporary_directory + "` is not writable: " + message_of(temporary.error()),
                         "set `TMPDIR` to a writable directory, " + std::string(kWithout));
  Program program{{signing.program, "-Y", "sign", "-n", "git", "-f", key}, signing.directory};
  if (signing.literal) program.words.emplace_back("-U");
  program.words.push_back(buffer);
  const Ended ended = run_or_fail(run, program);
  if (ended.error != 0 || ended.status != 0) return failed_program(signing, ended);
  base::Result<std::string> signature = disk.read_regular(buffer + ".sig", kMaxSignature);
  if (!signature.ok() || signature.value.empty()) return failed_program(signing, ended);
  return without_carriage_returns(std::move(signature.value));
}

}  // namespace

std::variant<std::optional<Signing>, Problem> find_signing(base::Fs& disk, const Settings& settings,
                                                           const std::string& committer, const std::string& root,
                                                           const Environment& environment) {
  const std::variant<bool, Problem> wanted = flag(settings, "commit.gpgsign");
  if (const auto* problem = std::get_if<Problem>(&wanted)) return *problem;
  if (!std::get<bool>(wanted)) return std::optional<Signing>();
  const ConfigEntry* format = settings.find("gpg.format");
  const std::string name = format ? format->value.value_or("") : "openpgp";
  const auto row =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const FormatRow& one) { return one.name == name; });
  if (row == kFormats.end()) return bad_setting("`gpg.format` is `" + name + "`", "write `openpgp`, `x509` or `ssh`");
  const ConfigEntry* program = settings.find(row->key, row->older_key);
  std::variant<std::string, Problem> path =
      expand_path(program ? program->value.value_or("") : std::string(row->program), environment);
  if (auto* problem = std::get_if<Problem>(&path)) return std::move(*problem);
  const std::string temporary = environment.value("TMPDIR");
  Signing signing{row->format, std::get<std::string>(path), {}, false, root, temporary.empty() ? "/tmp" : temporary};
  if (!is_program(disk, signing.program, root, environment))
    return unsigned_only("cannot find the program `" + signing.program + "`", "install it, " + std::string(kWithout));
  if (signing.format == Format::ssh) {
    if (std::optional<Problem> problem = take_ssh_key(disk, settings, environment, signing)) return std::move(*problem);
  } else {
    signing.key = settings.text("user.signingkey");
    if (signing.key.empty()) signing.key = committer;
  }
  return std::optional(std::move(signing));
}

std::variant<std::string, Problem> sign(base::Fs& disk, const Signing& signing, std::string_view commit,
                                        const RunProgram& run) {
  return signing.format == Format::ssh ? sign_ssh(disk, signing, commit, run) : sign_gpg(signing, commit, run);
}

std::string with_signature(std::string_view commit, std::string_view signature) {
  const std::size_t end_of_headers = commit.find("\n\n") + 1;
  std::string signed_commit(commit.substr(0, end_of_headers));
  signed_commit += "gpgsig";
  while (!signature.empty()) {
    const std::size_t end = signature.find('\n') + 1;
    signed_commit.append(1, ' ').append(signature.substr(0, end));
    signature.remove_prefix(end);
  }
  return signed_commit.append(commit.substr(end_of_headers));
}

}  // namespace meshfed::git

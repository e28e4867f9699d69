#include "cli/source.hpp"

#include <fmt/format.h>

#include "base/path.hpp"
#include "base/text.hpp"

namespace meshfed::cli {
namespace {

std::string flaw_of_path(const std::string& path) { return path.empty() ? "the path is empty" : ""; }

// A cluster's name, or a command's, is not to be taken for a file that is missing.
std::string flaw_of_word(const std::string& word) {
  if (word.empty() || is_main_file(word)) return flaw_of_path(word);
  return fmt::format("{} does not end in .toml, as the main file does; name any other file with -f", word);
}

bool is_there(base::Fs& fs, const std::string& path) {
  const base::Result<base::Stat> found = fs.stat(path);
  return found.ok() && found.value.kind != base::FileKind::missing;
}

bool may_look_above(const Environment& environment) { return value_of(environment, "ARGOCD_APP_NAME").empty(); }

}  // namespace

bool is_main_file(std::string_view word) { return word.ends_with(".toml"); }

std::string SourceArguments::path() const {
  if (!option.empty()) return option;
  return positional.empty() ? kDefaultSource : positional;
}

std::string SourceArguments::conflict() const {
  if (option.empty() || positional.empty() || option == positional) return "";
  return fmt::format("the main file is given twice: {}, and {} by -f; name one", base::quoted(positional),
                     base::quoted(option));
}

Argument source_option(SourceArguments& source) {
  return {.names = {"-f", "--file"},
          .meaning = "The main file, given as an option",
          .target = &source.option,
          .value = "PATH",
          .flaw = flaw_of_path};
}

Argument source_argument(SourceArguments& source) {
  return {
      .names = {},
      .meaning = "The main file of the federation; default: the nearest federation.toml, here or in a parent directory",
      .target = &source.positional,
      .value = "PATH",
      .positional = "file",
      .flaw = flaw_of_word};
}

std::string nearest_source(base::Fs& fs) {
  const base::Result<std::string> here = fs.canonical(".");
  if (!here.ok()) return kDefaultSource;
  std::string above;
  for (std::string directory = here.value; !directory.empty(); directory.erase(directory.rfind('/'))) {
    if (is_there(fs, above + kDefaultSource)) return above + kDefaultSource;
    if (is_there(fs, above + ".git")) break;
    above += "../";
  }
  return kDefaultSource;
}

Place find_place(Session& session, const SourceArguments& source, const std::string& out) {
  if (source.given() || !may_look_above(session.context().environment))
    return {source.path(), out.empty() ? kDefaultOutput : out};
  const std::string file = nearest_source(session.context().fs);
  const std::string directory(base::parent_of(file));
  const Place place{file, out.empty() ? base::below(directory, kDefaultOutput) : out};
  if (directory.empty()) return place;
  const std::string beside = out.empty() ? fmt::format(" and {}", base::quoted(place.out)) : "";
  session.say(fmt::format("using {}{}", base::quoted(file), beside));
  return place;
}

std::string find_source(Session& session, const SourceArguments& source) {
  return find_place(session, source, ".").file;
}

}  // namespace meshfed::cli

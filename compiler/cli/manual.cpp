#include "cli/manual.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/exit.hpp"
#include "diag/explain.hpp"

namespace meshfed::cli {
namespace {

// Source lines stay below 80 columns, escapes included, as far as words allow.
constexpr std::size_t kColumns = 64;

constexpr std::string_view kFiles = R"(.SH FILES
.TP
.B federation.toml
The main file of the federation. If no file is named, it is that of
the working directory, or else of the nearest directory above, up to the top
of a Git working tree; the output directory is then beside it.
.TP
.B .meshfedc.lock
In the directory of each cluster: lists the files that the compiler wrote
there, with their digests.
Only these files are ever removed, and edited ones are not overwritten.
)";

constexpr std::string_view kEnvironment = R"(.SH ENVIRONMENT
.TP
.B NO_COLOR
If set and not empty, output is not coloured.
.TP
.B TERM
If set to
.BR dumb ,
output is not coloured.
)";

// Text as roff prints it unchanged. What stands between backticks is bold, unless the text is to be taken by its
// letters.
std::string roff(std::string_view text, bool literal = false) {
  std::string out;
  bool bold = false;
  for (std::size_t i = 0; i < text.size();) {
    const base::CodePoint point = base::code_point_at(text, i);
    i += point.bytes;
    if (point.value == '`' && !literal) {
      bold = !bold;
      out += bold ? "\\fB" : "\\fR";
    } else if (point.value >= 0x80) {
      out += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(point.value));
    } else {
      constexpr std::pair<char32_t, std::string_view> kEscapes[] = {{'\\', "\\e"},  {'-', "\\-"},   {'\'', "\\(aq"},
                                                                    {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
      const auto* found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                       [&](const auto& escape) { return escape.first == point.value; });
      out += found != std::end(kEscapes) ? std::string(found->second) : std::string(1, static_cast<char>(point.value));
    }
  }
  return out;
}

// Each line of the text; one that begins with a dot would be a request.
std::string roff_lines(std::string_view text, bool literal = false) {
  std::string out;
  for (std::size_t end = 0; !text.empty(); text.remove_prefix(std::min(text.size(), end + 1))) {
    end = std::min(text.find('\n'), text.size());
    const std::string line = roff(text.substr(0, end), literal);
    out += fmt::format("{}{}\n", line.starts_with('.') ? "\\&" : "", line);
  }
  return out;
}

std::string prose(std::string_view text) { return roff_lines(diag::wrap(text, kColumns)); }

// What help says without a full stop.
std::string sentence(const std::string& text) { return prose(text.ends_with('?') ? text : text + "."); }

std::string argument_item(const Argument& argument) {
  std::vector<std::string> names;
  for (const std::string& name : argument.names) names.push_back(fmt::format("\\fB{}\\fR", roff(name)));
  std::string tag = base::join(names);
  if (!argument.value.empty()) tag += fmt::format("{}\\fI{}\\fR", tag.empty() ? "" : " ", roff(argument.value));
  const std::string preset = argument.preset.empty() ? "" : fmt::format(" (default: `{}`)", argument.preset);
  return fmt::format(".TP\n{}\n{}", tag, sentence(argument.meaning + preset));
}

// Those of the tool itself are not repeated for each command.
std::string argument_items(const Command& command, const Command* tool = nullptr) {
  std::string out;
  for (const Argument& argument : command.arguments) {
    const bool repeated = tool != nullptr && !argument.names.empty() && tool->option(argument.names.back()) != nullptr;
    if (!repeated) out += argument_item(argument);
  }
  return out;
}

// A help's end: paragraphs, and blocks of lines that are indented.
std::string footer(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    std::string_view paragraph = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 2));
    const std::size_t block = std::min(paragraph.find("\n  "), paragraph.size());
    out += ".PP\n" + prose(paragraph.substr(0, block));
    paragraph.remove_prefix(block);
    if (paragraph.empty()) continue;
    std::string lines(paragraph.substr(1));
    for (std::size_t at = 0; at != std::string::npos && lines.compare(at, 2, "  ") == 0;) {
      lines.erase(at, 2);
      at = lines.find('\n', at);
      if (at != std::string::npos) ++at;
    }
    out += fmt::format(".PP\n.EX\n.RS 4\n{}.RE\n.EE\n", roff_lines(lines, true));
  }
  return out;
}

/// A line for each command; for one that has commands of its own, a line for each of these.
std::string synopsis(const Command& tool, const std::string& invocation) {
  std::string out;
  for (const Command& command : tool.commands) {
    if (!command.commands.empty()) {
      out += (out.empty() ? "" : ".br\n") + synopsis(command, fmt::format("{} {}", invocation, command.name));
      continue;
    }
    std::string rest;
    for (const Argument& argument : command.arguments)
      if (argument.names.empty()) rest += fmt::format(" [\\fI{}\\fR]", roff(argument.value));
    out += fmt::format("{}\\fB{} {}\\fR [\\fIoptions\\fR]{}\n", out.empty() ? "" : ".br\n", roff(invocation),
                       roff(command.name), rest);
  }
  return out;
}

std::string sections(const Command& parent, const Command& tool, const std::string& before) {
  std::string out;
  for (const Command& command : parent.commands) {
    const std::string name = before + command.name;
    out += fmt::format(".SS {}\n{}{}{}", roff(name), sentence(command.description), argument_items(command, &tool),
                       footer(command.footer));
    out += sections(command, tool, name + " ");
  }
  return out;
}

std::string exit_statuses() {
  std::string out = ".SH EXIT STATUS\n";
  for (const ExitMeaning& exit : kExitMeanings)
    out += fmt::format(".TP\n.B {}\n{}", static_cast<int>(exit.status), prose(exit.meaning));
  return out;
}

}  // namespace

std::string manual(const Command& tool, std::string_view version, std::string_view date) {
  std::string out = fmt::format(".TH MESHFEDC 1 \"{}\" \"meshfedc {}\"\n", date, version);
  out += fmt::format(".SH NAME\n{} \\- compile a federation of Istio meshes to Kubernetes manifests\n", tool.name);
  out += ".SH SYNOPSIS\n" + synopsis(tool, tool.name);
  out += ".SH DESCRIPTION\n" + prose(tool.description) + footer(tool.footer);
  out += ".SH OPTIONS\nThese options apply to every command.\n" + argument_items(tool);
  out += ".SH COMMANDS\n" + sections(tool, tool, "");
  out += kFiles;
  out += kEnvironment;
  return out + exit_statuses();
}

}  // namespace meshfed::cli

// Keys, headers, and what stands between a key and its value.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "syntax/document.hpp"
#include "syntax/literal.hpp"
#include "syntax/repair.hpp"

namespace meshfed::syntax {
namespace {

constexpr std::size_t kShown = 100;  // bytes of a line in a message

class Reader {
 public:
  Reader(std::string_view text, const Statement& statement, bool boolean)
      : text_(text), it_(statement), boolean_(boolean) {}

  std::optional<Repair> run() const {
    if (it_.kind == Statement::Kind::header || it_.kind == Statement::Kind::list_header) return header();
    if (it_.kind == Statement::Kind::pair) return pair();
    return it_.path.empty() ? no_key() : other();
  }

 private:
  std::string_view line() const { return text_.substr(it_.begin, first_line_end() - it_.begin); }
  std::size_t first_line_end() const { return std::min(text_.find_first_of("\r\n", it_.begin), text_.size()); }
  std::string key() const { return std::string(text_.substr(it_.begin, it_.key_end - it_.begin)); }
  std::string shown(std::string_view part) const { return base::escaped(base::shortened(part, kShown)); }

  Repair at(std::size_t begin, std::size_t end, std::string what, std::string help = {}) const {
    return {std::move(what), std::move(help), begin, end, {}};
  }

  // --- [headers]

  std::optional<Repair> header() const {
    const bool list = it_.kind == Statement::Kind::list_header;
    const std::string_view closing = list ? "]]" : "]";
    const std::size_t path_end = it_.path.back().end;
    const std::size_t end = first_line_end();
    const std::string_view rest = text_.substr(path_end, end - path_end);
    const std::size_t comment = std::min(rest.find(" #"), rest.size());
    const std::size_t close = rest.find(']');
    if (close >= comment) {
      std::size_t stop = path_end + comment;
      while (stop > path_end && (text_[stop - 1] == ' ' || text_[stop - 1] == '\t')) --stop;
      if (stop > path_end) return header_name(path_end, stop, true);
      Repair repair = at(it_.begin, stop, "the header is not closed");
      repair.edits.push_back({stop, stop, std::string(closing)});
      return repair;
    }
    if (rest.find_first_not_of(" \t") < close) return header_name(path_end, path_end + close, false);
    const std::size_t brackets = std::min(rest.find_first_not_of(']', close), rest.size());
    if (brackets - close != closing.size()) {
      Repair repair = at(path_end + close, path_end + brackets, fmt::format("this header ends with `{}`", closing));
      repair.edits.push_back({path_end + close, path_end + brackets, std::string(closing)});
      return repair;
    }
    const std::size_t after = path_end + brackets;
    const std::size_t more = std::min(text_.find_first_not_of(" \t", after), end);
    if (more >= end || text_[more] == '#') return std::nullopt;
    Repair repair = at(more, end, "a header stands on a line of its own");
    const bool pair = text_.find('=', more) < end;
    repair.edits.push_back({after, pair ? more : end, pair ? "\n" : ""});
    return repair;
  }

  /// `[fragment.teams/*.toml]`, `[cluster east]`: up to `stop`, something is no name.
  std::optional<Repair> header_name(std::size_t path_end, std::size_t stop, bool open) const {
    const std::string closing = open ? it_.kind == Statement::Kind::list_header ? "]]" : "]" : "";
    const std::size_t bad = std::min(text_.find_first_not_of(" \t.", path_end), stop);
    Repair repair = at(bad, bad + base::code_point_at(text_, bad).bytes,
                       "names in a header are separated by dots; one with other characters stands in quotes");
    const KeyPart& first = it_.path.front();
    const std::size_t second = it_.path.size() > 1 ? it_.path[1].begin : SIZE_MAX;
    const std::string_view separators = " \t:/";
    if (second == SIZE_MAX && bad > first.end - 1 && separators.find(text_[first.end]) != std::string_view::npos) {
      const std::size_t name = std::min(text_.find_first_not_of(" \t:/", first.end), stop);
      repair.edits.push_back({first.end, name, "."});
      std::size_t next = name;
      read_key(text_.substr(0, stop), next);
      if (next != stop) repair.edits = {{first.end, stop, "." + toml_key(text_.substr(name, stop - name))}};
    } else if (second == SIZE_MAX) {
      const std::size_t dot = text_.find('.', first.end);
      if (dot >= stop) return repair;
      repair.edits.push_back({dot + 1, stop, toml_key(text_.substr(dot + 1, stop - dot - 1))});
    } else {
      repair.edits.push_back({second, stop, toml_key(text_.substr(second, stop - second))});
    }
    if (!closing.empty()) repair.edits.back().text += closing;
    return repair;
  }

  // --- key = value

  std::optional<Repair> pair() const {
    if (it_.value >= it_.end) {
      return at(it_.path.front().begin, it_.end, fmt::format("`{}` has no value", shown(key())));
    }
    const char first = text_[it_.value];
    if (first == '=' || first == '>') {
      const std::size_t equals = text_.find('=', it_.key_end);
      const std::size_t after = text_.find_first_not_of("=> \t", equals);
      Repair repair = at(equals, it_.value + 1, "between a key and its value stands one `=`");
      if (after < it_.end) repair.edits.push_back({equals, after, "= "});
      return repair;
    }
    return repair_value(text_, it_.value, it_.end, boolean_);
  }

  // --- key, and no =

  std::optional<Repair> other() const {
    const std::size_t at_end = it_.value;
    if (at_end >= it_.end || it_.value >= first_line_end()) {
      return at(it_.begin, it_.key_end, fmt::format("`{}` has no value", shown(key())));
    }
    const std::string_view rest = text_.substr(it_.value, it_.end - it_.value);
    for (const std::string_view sign : {":=", "+=", "?=", "->", "=>"}) {
      if (!rest.starts_with(sign)) continue;
      Repair repair = at(it_.value, it_.value + sign.size(), fmt::format("`{}` does not assign: TOML has `=`", sign));
      repair.edits.push_back({it_.value, it_.value + sign.size(), "="});
      return with_value(repair, it_.value + sign.size());
    }
    if (rest.front() == ':') return colon();
    if (const std::size_t equals = text_.find('=', it_.value); equals < first_line_end()) return odd_key(equals);
    if (rest.front() == '{' || (rest.front() == '"' && line().ends_with("{"))) {
      return at(it_.begin, first_line_end(), "this is HCL, not TOML",
                "a table is a line `[cluster.east]`, and below it its keys, each with `=`");
    }
    Repair repair = at(it_.value, it_.value + 1, fmt::format("`=` is missing behind `{}`", shown(key())));
    repair.edits.push_back({it_.key_end, it_.value, " = "});
    return with_value(repair, it_.value);
  }

  /// `mesh: "east-mesh"`
  std::optional<Repair> colon() const {
    const bool quoted = text_[it_.path.front().begin] == '"';
    const std::size_t value = std::min(text_.find_first_not_of(" \t", it_.value + 1), it_.end);
    const std::string language = quoted ? "JSON" : "YAML";
    Repair repair = at(it_.value, it_.value + 1, fmt::format("this is {}, not TOML", language));
    if (value >= it_.end || value >= first_line_end()) {
      repair.help = fmt::format("write `{} = value`, or the keys of a table below a header such as `[cluster.east]`",
                                shown(key()));
      return repair;
    }
    std::string name = quoted ? toml_key(it_.path.front().name) : std::string();
    if (quoted && it_.path.size() == 1) repair.edits.push_back({it_.begin, it_.key_end, name});
    repair.edits.push_back({it_.key_end, value, " = "});
    return with_value(repair, value);
  }

  /// `app.kubernetes.io/name = "x"`: the whole key in quotes.
  std::optional<Repair> odd_key(std::size_t equals) const {
    std::size_t stop = equals;
    while (stop > it_.begin && (text_[stop - 1] == ' ' || text_[stop - 1] == '\t')) --stop;
    const std::string_view name = text_.substr(it_.begin, stop - it_.begin);
    for (const std::string_view word : {"export ", "set ", "let ", "var ", "const "}) {
      if (!name.starts_with(word)) continue;
      Repair repair = at(it_.begin, it_.begin + word.size() - 1, "a line begins with its key");
      repair.edits.push_back({it_.begin, it_.begin + word.size(), ""});
      return with_value(repair, equals + 1);
    }
    Repair repair = at(it_.begin, stop, fmt::format("the key `{}` needs quotes", shown(name)));
    repair.edits.push_back({it_.begin, stop, toml_string(name)});
    return with_value(repair, equals + 1);
  }

  /// Adds what the value needs besides.
  Repair with_value(Repair repair, std::size_t value) const {
    const std::size_t begin = std::min(text_.find_first_not_of(" \t", value), it_.end);
    if (const auto more = repair_value(text_, begin, it_.end, boolean_)) {
      if (more->edits.empty()) {
        repair.edits.clear();
        if (repair.help.empty()) repair.help = more->help;
      } else {
        repair.edits.insert(repair.edits.end(), more->edits.begin(), more->edits.end());
        repair.end = std::max(repair.end, more->edits.back().end);
      }
    }
    return repair;
  }

  // --- No key

  std::optional<Repair> no_key() const {
    const std::string_view begin = line();
    const std::size_t from = it_.begin;
    const auto starts = [&](std::string_view word) { return begin.starts_with(word); };
    if (starts("<<<<<<<") || starts("=======") || starts(">>>>>>>")) {
      return at(from, from + 7, "a merge conflict is not resolved here",
                "keep what is meant of both sides, and remove the three marks");
    }
    if (starts("{{")) {
      return at(from, first_line_end(), "this is a template, and nothing replaces it",
                "write the file as it is meant: federation.toml has no variables, templates or environment");
    }
    if (starts("---")) {
      Repair repair = at(from, from + 3, "this is YAML, not TOML: `---` begins no document");
      repair.edits.push_back({from, from + 3, ""});
      return repair;
    }
    if (starts("- ")) {
      return at(from, from + 1, "this is YAML, not TOML",
                "a list is written `key = [\"a\", \"b\"]`, one of tables with a header `[[…]]` for each");
    }
    if (starts("{")) {
      return at(from, from + 1, "this is JSON, not TOML",
                "a table is a line `[cluster.east]`, and below it its keys, each with `=`");
    }
    for (const std::string_view comment : {"//", "/*", ";", "--", "%", "REM "}) {
      if (!starts(comment)) continue;
      Repair repair = at(from, from + comment.size(), fmt::format("`{}` does not begin a comment: `#` does", comment));
      repair.edits.push_back({from, from + comment.size(), "#"});
      return repair;
    }
    if (begin.find_first_not_of("]}),; ") == std::string_view::npos) {
      Repair repair = at(from, from + begin.size(), fmt::format("`{}` closes nothing", shown(begin)));
      repair.edits.push_back({from, from + begin.size(), ""});
      return repair;
    }
    if (starts("$")) {
      return at(from, from + 1, "this is a line of a shell, not TOML",
                "write the file as it is meant: federation.toml has no variables, templates or environment");
    }
    return std::nullopt;
  }

  std::string_view text_;
  const Statement& it_;
  bool boolean_;
};

}  // namespace

std::optional<Repair> repair_statement(std::string_view text, const Statement& statement, bool boolean) {
  return Reader(text, statement, boolean).run();
}

bool is_yaml(std::string_view text, const Statement& statement) {
  if (statement.kind != Statement::Kind::other) return false;
  if (statement.path.empty())
    return text.substr(statement.begin, 2) == "- " || text.substr(statement.begin, 3) == "---";
  return statement.value < text.size() && text[statement.value] == ':' && text.substr(statement.value, 2) != ":=";
}

}  // namespace meshfed::syntax

// The value of a statement, token by token.
#include "syntax/repair.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "syntax/document.hpp"
#include "syntax/literal.hpp"

namespace meshfed::syntax {
namespace {

constexpr std::size_t kShown = 100;  // bytes of a word in a message

bool is_end_of_word(char c) { return std::string_view(" \t\r\n[]{}(),;=\"'`#").find(c) != std::string_view::npos; }

/// The typographic quote or backtick at `at`: its length, 0 if there is none.
std::size_t odd_quote(std::string_view text, std::size_t at) {
  for (const std::string_view quote : {"“", "”", "„", "«", "»", "‘", "’", "`"}) {
    if (text.substr(at, quote.size()) == quote) return quote.size();
  }
  return 0;
}

bool is_value(std::string_view word) { return !syntax_error(fmt::format("x = {}", word)); }

class Walker {
 public:
  Walker(std::string_view text, std::size_t begin, std::size_t end, bool boolean)
      : text_(text), begin_(begin), end_(end), at_(begin), boolean_(boolean) {}

  std::optional<Repair> run() {
    levels_.push_back({});
    while (at_ < end_ && !hopeless_) step();
    if (!hopeless_) close_all();
    if (found_.what.empty()) return std::nullopt;
    if (hopeless_) edits_.clear();
    std::stable_sort(edits_.begin(), edits_.end(),
                     [](const TextEdit& a, const TextEdit& b) { return a.begin < b.begin; });
    found_.edits = std::move(edits_);
    return std::move(found_);
  }

 private:
  struct Level {
    char open = 0;  // 0: the statement's own
    std::size_t begin = 0;
    bool key = false;              // in a table: a key comes next
    bool value = false;            // a value stands where a comma should follow
    std::size_t comma = SIZE_MAX;  // the last token, if it is a comma
    std::size_t commas = 0;
    std::size_t first = SIZE_MAX;  // of the first value
    bool list = false;             // what stands in braces is a list
  };

  Level& level() { return levels_.back(); }
  bool in_table() const { return levels_.back().open == '{'; }
  std::string shown(std::size_t begin, std::size_t end) const {
    return base::escaped(base::shortened(text_.substr(begin, end - begin), kShown));
  }

  void blame(std::string what, std::size_t begin, std::size_t end, std::string help = {}) {
    if (!found_.what.empty()) return;
    found_ = {std::move(what), std::move(help), begin, end, {}};
  }

  void edit(std::size_t begin, std::size_t end, std::string text) { edits_.push_back({begin, end, std::move(text)}); }

  void step() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '\n') {
      line_break();
    } else if (c == '#') {
      // What is joined into one line would be lost in the comment.
      if (in_table()) blame("an inline table stands on one line", level().begin, level().begin + 1);
      if (in_table()) hopeless_ = true;
      at_ = std::min(text_.find('\n', at_), end_);
    } else if (text_.substr(at_, 2) == "//" || text_.substr(at_, 2) == "/*") {
      foreign_comment();
    } else if (text_.substr(at_, 2) == "{{") {
      const std::size_t close = text_.find("}}", at_);
      const std::size_t end = close == std::string_view::npos || close >= end_ ? end_ : close + 2;
      blame(fmt::format("`{}` is a template, and nothing replaces it", shown(at_, end)), at_, end,
            "write the value itself: federation.toml has no variables, templates or environment");
      hopeless_ = true;
    } else if (c == '[' || c == '{' || c == '(') {
      open(c);
    } else if (c == ']' || c == '}' || c == ')') {
      close(c);
    } else if (c == ',' || c == ';') {
      separator(c);
    } else if (c == '=' || (c == ':' && in_table())) {
      assign(c);
    } else if (c == '"' || c == '\'') {
      string();
    } else if (const std::size_t quote = odd_quote(text_, at_); quote > 0) {
      odd_string(quote);
    } else {
      word();
    }
  }

  void line_break() {
    std::size_t next = at_ + 1;
    if (in_table()) {
      const std::size_t from = at_ > begin_ && text_[at_ - 1] == '\r' ? at_ - 1 : at_;
      while (next < end_ && (text_[next] == ' ' || text_[next] == '\t' || text_[next] == '\r' || text_[next] == '\n'))
        ++next;
      edit(from, next, " ");
      const std::size_t brace = level().begin;
      blame("an inline table stands on one line", brace, brace + 1);
    }
    at_ = next;
  }

  void foreign_comment() {
    const std::size_t line = std::min(text_.find('\n', at_), end_);
    blame(fmt::format("`{}` does not begin a comment: `#` does", text_.substr(at_, 2)), at_, at_ + 2);
    if (in_table()) hopeless_ = true;
    edit(at_, at_ + 2, "#");
    at_ = line;
  }

  void before_value() {
    Level& here = level();
    if (here.value && here.open != 0 && !here.key) {
      blame(fmt::format("a comma is missing before `{}`", shown(at_, std::min(at_ + 20, line_end()))), at_, at_ + 1);
      edit(last_end_, last_end_, ",");
      here.key = here.open == '{';
    } else if (here.value && here.open == 0) {
      blame(fmt::format("`{}` stands behind the value", shown(at_, line_end())), at_, line_end());
      hopeless_ = true;
    }
    if (here.first == SIZE_MAX) here.first = at_;
    here.comma = SIZE_MAX;
  }

  void after_value(std::size_t end) {
    level().value = true;
    at_ = last_end_ = end;
  }

  std::size_t line_end() const { return std::min(text_.find_first_of("\r\n", at_), end_); }

  void open(char c) {
    before_value();
    if (c == '(') {
      blame("a list stands in square brackets", at_, at_ + 1);
      edit(at_, at_ + 1, "[");
      c = '[';
    }
    Level inner;
    inner.open = c;
    inner.begin = at_;
    inner.key = c == '{';
    levels_.push_back(inner);
    ++at_;
  }

  void close(char c) {
    if (levels_.size() == 1) {
      blame(fmt::format("`{}` closes nothing", c), at_, at_ + 1);
      edit(at_, at_ + 1, "");
      ++at_;
      return;
    }
    const char wanted = in_table() ? '}' : ']';
    if (c != wanted) {
      blame(fmt::format("`{}` does not close what `{}` opens", c, level().open), at_, at_ + 1);
      edit(at_, at_ + 1, std::string(1, wanted));
    }
    end_table();
    if (level().list) edit(at_, at_ + 1, "]");
    levels_.pop_back();
    after_value(at_ + 1);
  }

  /// `{ "a", "b" }`
  void take_for_list() {
    Level& here = level();
    if (here.open != '{' || !here.key || !here.value) return;
    blame("a list stands in square brackets", here.begin, here.begin + 1);
    if (!here.list) edit(here.begin, here.begin + 1, "[");
    here.list = true;
  }

  void end_table() {
    take_for_list();
    if (level().list) return;
    if (!in_table() || level().comma == SIZE_MAX) return;
    blame("an inline table does not end with a comma", level().comma, level().comma + 1);
    edit(level().comma, level().comma + 1, "");
  }

  void separator(char c) {
    Level& here = level();
    take_for_list();
    if (here.open == 0 && only_blanks_follow()) {
      blame(fmt::format("a line does not end with `{}`", c), at_, at_ + 1);
      edit(at_, at_ + 1, "");
    } else if (c == ';') {
      blame("items are separated by commas", at_, at_ + 1);
      edit(at_, at_ + 1, ",");
    }
    ++here.commas;
    here.comma = at_;
    here.value = false;
    here.key = here.open == '{';
    ++at_;
  }

  bool only_blanks_follow() const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n;,", at_);
    return next == std::string_view::npos || next >= end_ || text_[next] == '#' || text_.substr(next, 2) == "//";
  }

  void assign(char c) {
    Level& here = level();
    if (c == ':') {
      blame("`:` is JSON or YAML; TOML has `=` between a key and its value", key_begin_, at_ + 1);
      edit(at_, at_ + 1, at_ > 0 && text_[at_ - 1] == ' ' ? "=" : " =");
    } else if (here.open == 0) {
      hopeless_ = true;
    } else if (here.open == '[') {
      blame("a list holds no keys: a table stands in braces", key_begin_, at_ + 1);
      hopeless_ = true;
    }
    here.key = false;
    here.value = false;
    ++at_;
  }

  void string() {
    before_value();
    const std::size_t end = after_string(text_, at_);
    const std::string_view found = text_.substr(at_, end - at_);
    const bool several_lines = found.starts_with("\"\"\"") || found.starts_with("'''");
    const bool closed = found.size() > 1 && found.back() == found.front() && !found.ends_with("\\\"");
    key_begin_ = at_;
    if (several_lines || closed || end > end_) {
      after_value(std::min(end, end_));
      return;
    }
    std::size_t stop = line_end();
    const auto drop = [&](std::string_view bytes) {
      while (stop > at_ + 1 && bytes.find(text_[stop - 1]) != std::string_view::npos) --stop;
    };
    drop(" \t");
    for (std::size_t depth = levels_.size(); depth > 1 && stop > at_ + 1; --depth) {
      drop(" \t,");
      if (text_[stop - 1] == ']' || text_[stop - 1] == '}') --stop;
    }
    drop(" \t");
    blame("the string does not end on its line", at_, stop,
          "close it with its quote; strings of several lines stand between \"\"\" and \"\"\"");
    edit(stop, stop, std::string(1, text_[at_]));
    after_value(stop);
  }

  void odd_string(std::size_t quote) {
    before_value();
    key_begin_ = at_;
    std::size_t close = at_ + quote;
    while (close < line_end() && odd_quote(text_, close) == 0 && text_[close] != '"') ++close;
    const std::size_t size = close >= line_end() ? 0 : std::max<std::size_t>(odd_quote(text_, close), 1);
    blame(fmt::format("`{}` is in typographic quotes or backticks: strings stand in \"", shown(at_, close + size)), at_,
          close + size);
    edit(at_, at_ + quote, "\"");
    edit(close, close + size, "\"");
    after_value(close + size);
  }

  void word() {
    std::size_t stop = at_;
    bool key = in_table() && level().key;
    while (stop < end_ && !is_end_of_word(text_[stop]) && odd_quote(text_, stop) == 0 && !(key && text_[stop] == ':'))
      ++stop;
    if (stop == at_) ++stop;
    if (level().open == 0 && !level().value) stop = words_end(stop);
    const std::size_t begin = at_;
    before_value();
    key = in_table() && level().key;
    key_begin_ = begin;
    const std::string_view found = text_.substr(begin, stop - begin);
    after_value(stop);
    if (hopeless_) return;
    if (key)
      check_key(begin, stop);
    else if (!is_value(found))
      not_a_value(begin, stop);
  }

  /// Of several words behind `=`, the end of the last.
  std::size_t words_end(std::size_t stop) const {
    const std::string_view rest = text_.substr(0, line_end());
    std::size_t end = rest.find_first_of("#,;\"'[]{}=", stop);
    if (end == std::string_view::npos) end = rest.size();
    if (const std::size_t slashes = rest.find(" //", stop); slashes < end) end = slashes;
    while (end > stop && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
    return end;
  }

  void check_key(std::size_t begin, std::size_t stop) {
    std::size_t at = begin;
    read_key(text_.substr(0, stop), at);
    if (at == stop) return;
    blame(fmt::format("the key `{}` needs quotes", shown(begin, stop)), begin, stop);
    edit(begin, stop, toml_string(text_.substr(begin, stop - begin)));
  }

  void not_a_value(std::size_t begin, std::size_t stop) {
    const std::string_view found = text_.substr(begin, stop - begin);
    if (found.starts_with('$')) {
      const std::size_t brace = text_.find('}', stop);
      const std::size_t end = found == "$" && brace < line_end() ? brace + 1 : stop;
      blame(fmt::format("`{}` is a variable, and nothing replaces it", shown(begin, end)), begin, end,
            "write the value itself: federation.toml has no variables, templates or environment");
      hopeless_ = true;
      return;
    }
    for (const std::string_view null : {"null", "nil", "None", "~", "undefined"}) {
      if (found != null) continue;
      blame(fmt::format("`{}` is not a value: TOML has no null", found), begin, stop, "leave the key out");
      hopeless_ = true;
      return;
    }
    const auto boolean = boolean_ ? boolean_of(found) : std::nullopt;
    if (boolean) {
      blame(fmt::format("`{}` is not a value: a boolean is true or false", found), begin, stop);
      edit(begin, stop, std::string(*boolean));
      return;
    }
    blame(fmt::format("`{}` is not a value: strings are written in quotes", shown(begin, stop)), begin, stop);
    edit(begin, stop, toml_string(found));
  }

  void close_all() {
    const Level& own = levels_.front();
    while (levels_.size() > 1) {
      const bool table = in_table();
      const std::size_t begin = level().begin;
      blame(table ? "the inline table is not closed" : "the list is not closed", begin,
            std::min(text_.find_first_of("\r\n", begin), end_));
      end_table();
      edit(end_, end_, table ? " }" : "]");
      levels_.pop_back();
    }
    if (own.commas > 0 && own.value && own.first != SIZE_MAX && own.comma == SIZE_MAX) {
      blame("several values are a list, and stand in square brackets", own.first, last_end_);
      edit(own.first, own.first, "[");
      edit(last_end_, last_end_, "]");
    }
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t at_;
  bool boolean_;
  bool hopeless_ = false;
  std::size_t key_begin_ = 0;
  std::size_t last_end_ = 0;
  std::vector<Level> levels_;
  std::vector<TextEdit> edits_;
  Repair found_;
};

}  // namespace

std::optional<Repair> repair_value(std::string_view text, std::size_t begin, std::size_t end, bool boolean) {
  return Walker(text, begin, end, boolean).run();
}

}  // namespace meshfed::syntax

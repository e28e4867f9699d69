#include "diff/lines.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "yaml/literal.hpp"
#include "yaml/writer.hpp"

namespace meshfed::diff {
namespace {

constexpr std::size_t kShort = 80;  // bytes of a value that still stands beside another one

void add_text(char sign, std::string_view text, std::vector<Line>& lines) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back({sign, base::escaped(text.substr(0, end))});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

// What stands behind `key:` in YAML: " scalar\n", or lines of its own.
std::string yaml_text(const yaml::Value& value) {
  constexpr std::string_view kKey = "x:";
  return yaml::to_string({{"x", value}}).substr(kKey.size());
}

bool is_one_line(std::string_view text) { return text.starts_with(' ') && text.find('\n') == text.size() - 1; }

// " scalar\n" without its ends.
std::string_view bare(std::string_view text) { return text.substr(1, text.size() - 2); }

void add_side(char sign, const std::string& path, const std::string& text, std::vector<Line>& lines) {
  add_text(sign, path + ':' + text, lines);
}

void add_field(const FieldChange& field, std::vector<Line>& lines) {
  const std::string before = field.before ? yaml_text(*field.before) : "";
  const std::string after = field.after ? yaml_text(*field.after) : "";
  if (is_one_line(before) && is_one_line(after) && before.size() <= kShort && after.size() <= kShort)
    return add_text('~', fmt::format("{}: {} -> {}", field.path, bare(before), bare(after)), lines);
  if (field.before) add_side('-', field.path, before, lines);
  if (field.after) add_side('+', field.path, after, lines);
}

}  // namespace

std::vector<Line> lines_of(const Change& change) {
  std::vector<Line> lines;
  if (change.action != Action::change)
    add_text(change.action == Action::add ? '+' : '-', yaml::to_string(change.document), lines);
  for (const FieldChange& field : change.fields) add_field(field, lines);
  return lines;
}

}  // namespace meshfed::diff

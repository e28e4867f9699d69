#include "syntax/edits.hpp"

#include <algorithm>
#include <utility>

namespace meshfed::syntax {
namespace {

constexpr std::size_t kMostRepeated = 1'500;  // bytes

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

}  // namespace

void fix_with(diag::Report& report, const source::Manager& files, std::vector<Edit> edits) {
  if (edits.empty()) return;
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return source::before(a.span, b.span); });
  const source::Span all{edits.front().span.file, edits.front().span.begin, edits.back().span.end};
  if (all.end - all.begin > kMostRepeated) return;
  std::string text;
  std::uint32_t at = all.begin;
  for (const Edit& edit : edits) {
    if (edit.span.begin < at) return;
    text += files.text({all.file, at, edit.span.begin});
    text += edit.text;
    at = edit.span.end;
  }
  report.replace(all, std::move(text));
}

Edit removal(const source::Manager& files, const source::Span& statement) {
  const std::string_view text = files.text(statement.file);
  source::Span span = statement;
  const auto is_blank = [&](std::size_t at) { return text[at] == ' ' || text[at] == '\t'; };
  std::size_t before = span.begin;
  while (before > 0 && is_blank(before - 1)) --before;
  std::size_t after = span.end;
  while (after < text.size() && is_blank(after)) ++after;
  if (before == 0 || text[before - 1] == '\n') {
    span.end = narrow(std::min(text.find_first_of("\r\n", after), text.size()));
  } else if (text[before - 1] == ',') {
    span.begin = narrow(before - 1);
  } else if (after < text.size() && text[after] == ',') {
    span.end = narrow(after + 1);
    while (span.end < text.size() && is_blank(span.end)) ++span.end;
  }
  return {span, ""};
}

source::Span below(const source::Manager& files, const source::Span& header) {
  const std::string_view text = files.text(header.file);
  const std::uint32_t end = narrow(std::min(text.find_first_of("\r\n", header.end), text.size()));
  return {header.file, end, end};
}

}  // namespace meshfed::syntax

#include "source/manager.hpp"

#include <algorithm>

namespace meshfed::source {
namespace {

std::uint32_t count_before(const std::vector<std::uint32_t>& sorted, std::uint32_t offset) {
  return static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), offset) - sorted.begin());
}

}  // namespace

FileId Manager::add(std::string path, std::string text) {
  File file{std::move(path), std::move(text), {0}, {}};
  for (std::uint32_t i = 0; i < file.text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(file.text[i]);
    if (byte == '\n') file.lines.push_back(i + 1);
    if ((byte & 0xC0U) == 0x80U) file.continuations.push_back(i);
  }
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size());
}

void Manager::mask(const Span& span) {
  std::string& text = files_[span.file - 1].text;
  for (std::uint32_t i = span.begin; i < span.end; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 && byte != '\n' && byte != '\r') text[i] = '*';
  }
}

std::uint32_t Manager::line_count(FileId file) const {
  return static_cast<std::uint32_t>(files_[file - 1].lines.size());
}

std::uint32_t Manager::line_begin(FileId file, std::uint32_t line) const {
  const File& f = files_[file - 1];
  return line <= f.lines.size() ? f.lines[line - 1] : static_cast<std::uint32_t>(f.text.size());
}

std::string_view Manager::line(FileId file, std::uint32_t line) const {
  const std::uint32_t begin = line_begin(file, line);
  std::string_view found = text(file).substr(begin, line_begin(file, line + 1) - begin);
  while (!found.empty() && (found.back() == '\n' || found.back() == '\r')) found.remove_suffix(1);
  return found;
}

Place Manager::place(FileId file, std::uint32_t offset) const {
  const File& f = files_[file - 1];
  const auto next = std::upper_bound(f.lines.begin(), f.lines.end(), offset);
  const std::uint32_t begin = *(next - 1);
  const std::uint32_t skipped = count_before(f.continuations, offset) - count_before(f.continuations, begin);
  return {f.path, static_cast<std::uint32_t>(next - f.lines.begin()), offset - begin - skipped + 1};
}

std::uint32_t Manager::offset(FileId file, std::uint32_t line, std::uint32_t column) const {
  const File& f = files_[file - 1];
  const std::uint32_t begin = line_begin(file, std::max(line, 1U));
  const auto size = static_cast<std::uint32_t>(f.text.size());
  const std::uint32_t wanted = column > 0 ? column - 1 : 0;
  // The i-th continuation byte c_i (from the line's first) lies before the wanted code point iff c_i - i < begin +
  // wanted + 1.
  const auto first = std::lower_bound(f.continuations.begin(), f.continuations.end(), begin);
  auto low = first;
  auto high = f.continuations.end();
  while (low != high) {
    const auto middle = low + (high - low) / 2;
    const auto index = static_cast<std::uint32_t>(middle - first);
    if (*middle - index <= begin + wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::min(begin + wanted + static_cast<std::uint32_t>(low - first), size);
}

}  // namespace meshfed::source

#include "ask/render.hpp"

namespace meshfed::ask {

void add_row(std::string& rows, const Answer& answer, Format format) {
  switch (format) {
    case Format::text:
      return add_text_row(rows, answer);
    case Format::json:
      return add_json_row(rows, answer);
    case Format::markdown:
      return add_markdown_row(rows, answer);
  }
}

Frame frame_of(Format format, const std::vector<std::string>& assumptions) {
  switch (format) {
    case Format::text:
      return {.begin = {}, .first = {}, .between = "\n", .end = "\n", .none = {}};
    case Format::json:
      return json_frame(assumptions);
    case Format::markdown:
      return markdown_frame(assumptions);
  }
  __builtin_unreachable();
}

std::string framed(const Frame& frame, std::string_view rows) {
  if (rows.empty()) return frame.begin + frame.none;
  rows.remove_suffix(frame.between.size());
  return std::string(frame.begin).append(frame.first).append(rows).append(frame.end);
}

std::string render(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions, Format format) {
  switch (format) {
    case Format::text:
      return text_of(answers, assumptions);
    case Format::markdown:
      return markdown_of(answers, assumptions);
    case Format::json:
      break;
  }
  std::string rows;
  for (const Answer& answer : answers) add_json_row(rows, answer);
  return framed(json_frame(assumptions), rows);
}

std::string render(const Exposure& exposure, const std::vector<std::string>& assumptions, Format format) {
  switch (format) {
    case Format::text:
      return text_of(exposure);
    case Format::json:
      return json_of(exposure, assumptions);
    case Format::markdown:
      return markdown_of(exposure);
  }
  __builtin_unreachable();
}

std::string render(const Difference& difference, const std::vector<std::string>& assumptions, Format format) {
  switch (format) {
    case Format::text:
      return text_of(difference);
    case Format::json:
      return json_of(difference, assumptions);
    case Format::markdown:
      return markdown_of(difference);
  }
  __builtin_unreachable();
}

}  // namespace meshfed::ask

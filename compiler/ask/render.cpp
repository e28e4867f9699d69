#include "ask/render.hpp"

#include <utility>

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

std::string with_frame(std::vector<std::string> rows, const std::vector<std::string>& assumptions, Format format) {
  std::string all;
  std::size_t size = 0;
  for (const std::string& part : rows) size += part.size();
  all.reserve(size);
  for (std::string& part : rows) all += std::exchange(part, {});
  switch (format) {
    case Format::text:
      return all;
    case Format::json:
      return json_frame(std::move(all), assumptions);
    case Format::markdown:
      return markdown_frame(std::move(all), assumptions);
  }
  __builtin_unreachable();
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
  return json_frame(std::move(rows), assumptions);
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

}  // namespace meshfed::ask

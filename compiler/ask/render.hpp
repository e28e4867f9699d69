// Answers for people, for comments and for machines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ask/answer.hpp"
#include "ask/difference.hpp"
#include "ask/exposure.hpp"

namespace meshfed::ask {

inline constexpr int kAnswersVersion = 1;

enum class Format : std::uint8_t { text, json, markdown };

/// Answers, each told in full, with what the facts take for granted.
std::string render(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions, Format format);

std::string render(const Exposure& exposure, const std::vector<std::string>& assumptions, Format format);

std::string render(const Difference& difference, const std::vector<std::string>& assumptions, Format format);

/// Adds an answer as a row of a table: it ends with what stands between rows.
void add_row(std::string& rows, const Answer& answer, Format format);

/// What stands around the rows of a table.
struct Frame {
  std::string begin;
  std::string first;    // before the first row
  std::string between;  // rows
  std::string end;      // after the last one
  std::string none;     // in place of all that is after `begin`, if there are no rows
};
Frame frame_of(Format format, const std::vector<std::string>& assumptions);
/// `rows` end with what stands between them.
std::string framed(const Frame& frame, std::string_view rows);

/// In a cell of a Markdown table: nothing in it ends the cell or begins markup.
std::string cell(std::string_view text);
/// "50 %", with as many digits as it takes
std::string percent(double share);
std::string name_of(const Client& client);
/// What is called; without a port if none was given, and none is known.
std::string name_of(const Question& question);

// The formats, one by one.
std::string text_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions);
std::string text_of(const Exposure& exposure);
std::string text_of(const Difference& difference);
std::string markdown_of(const Difference& difference);
std::string json_of(const Difference& difference, const std::vector<std::string>& assumptions);
void add_text_row(std::string& rows, const Answer& answer);
std::string markdown_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions);
std::string markdown_of(const Exposure& exposure);
void add_markdown_row(std::string& rows, const Answer& answer);
Frame markdown_frame(const std::vector<std::string>& assumptions);
std::string json_of(const Exposure& exposure, const std::vector<std::string>& assumptions);
void add_json_row(std::string& rows, const Answer& answer);
Frame json_frame(const std::vector<std::string>& assumptions);

}  // namespace meshfed::ask

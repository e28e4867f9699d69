// Answers for people, for comments and for machines.
#pragma once

#include <string>
#include <vector>

#include "ask/answer.hpp"
#include "ask/exposure.hpp"

namespace meshfed::ask {

inline constexpr int kAnswersVersion = 1;

enum class Format : std::uint8_t { text, json, markdown };

/// Answers, with what the facts take for granted. With hops each is told in full, without them it is a row.
std::string render(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions, Format format);

std::string render(const Exposure& exposure, const std::vector<std::string>& assumptions, Format format);

/// "50 %", with as many digits as it takes
std::string percent(double share);
std::string name_of(const Client& client);

// The formats, one by one.
std::string text_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions);
std::string json_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions);
std::string markdown_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions);
std::string text_of(const Exposure& exposure);
std::string json_of(const Exposure& exposure, const std::vector<std::string>& assumptions);
std::string markdown_of(const Exposure& exposure);

}  // namespace meshfed::ask

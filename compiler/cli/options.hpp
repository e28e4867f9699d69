// Options that several commands have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/declaration.hpp"

namespace meshfed::cli {

enum class Format { text, json, github, sarif };

/// Whether people read it, and so summaries beside the diagnostics.
constexpr bool is_for_people(Format format) { return format == Format::text || format == Format::github; }

inline constexpr const char* kDefaultSource = "federation.toml";
inline constexpr const char* kDefaultOutput = "out";

/// -o, --output; where it is by default, source.hpp says.
Argument output_option(std::string& directory, std::string meaning);

/// --cluster, which may be repeated.
Argument clusters_option(std::vector<std::string>& names);

/// --jobs, and what it is if it is not given: one for each processor.
Argument jobs_option(unsigned& jobs);
unsigned default_jobs();

/// --format text|json|github|sarif: how diagnostics are shown, on standard error.
Argument format_option(Format& format);

/// An option that takes one of a few words, the first of which holds if it is not given.
template <class T>
Argument word_option(std::string name, const std::string& meaning, T& target,
                     std::vector<std::pair<std::string, T>> words) {
  Argument option{.names = {std::move(name)}, .meaning = meaning, .target = {}, .preset = words.front().first};
  for (const auto& [word, value] : words) option.value += (option.value.empty() ? "" : "|") + word;
  option.target = [&target, words = std::move(words)](const std::string& given) {
    for (const auto& [word, value] : words) {
      if (word == given) target = value;
    }
  };
  return option;
}

}  // namespace meshfed::cli

#include "cli/environment.hpp"

#include <unistd.h>

namespace meshfed::cli {

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::string_view value_of(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

// As the XDG Base Directory Specification has it; a relative path there is to be ignored.
std::string cache_directory(const Environment& environment) {
  const std::string cache(value_of(environment, "XDG_CACHE_HOME"));
  if (cache.starts_with('/')) return cache + "/meshfedc";
  const std::string home(value_of(environment, "HOME"));
  if (home.starts_with('/')) return home + "/.cache/meshfedc";
  return {};
}

git::Environment git_environment(const Environment& environment, base::Clock& clock) {
  const base::Clock::Date now = clock.date();
  return {environment, now.seconds, now.offset_minutes};
}

}  // namespace meshfed::cli

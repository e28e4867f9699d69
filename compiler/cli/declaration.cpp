#include "cli/declaration.hpp"

#include <algorithm>

namespace meshfed::cli {

bool Argument::called(std::string_view name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> Argument::words() const {
  std::vector<std::string> words;
  if (value.find('|') == std::string::npos) return words;
  std::string_view rest = value;
  for (std::size_t end = 0; end != std::string_view::npos; rest.remove_prefix(std::min(rest.size(), end + 1))) {
    end = rest.find('|');
    words.emplace_back(rest.substr(0, end));
  }
  return words;
}

const Argument* Command::option(std::string_view wanted) const {
  const auto found =
      std::find_if(arguments.begin(), arguments.end(), [&](const Argument& a) { return a.called(wanted); });
  return found == arguments.end() ? nullptr : &*found;
}

const Command* Command::command(std::string_view wanted) const {
  const auto found = std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.name == wanted; });
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace meshfed::cli

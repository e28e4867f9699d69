#include "cli/options.hpp"

#include <map>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace meshfed::cli {

void add_source(CLI::App& command, std::string& path) {
  command.add_option("-f,--file", path, "The federation's main file")->type_name("PATH")->capture_default_str();
}

void add_format(CLI::App& command, Format& format) {
  static const std::map<std::string, Format> kFormats{{"text", Format::text}, {"json", Format::json}};
  command
      .add_option_function<std::string>(
          "--format", [&format](const std::string& word) { format = kFormats.at(word); },
          "How diagnostics are written to standard error")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->type_name("text|json")
      ->default_str("text");
}

}  // namespace meshfed::cli

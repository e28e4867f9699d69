#include "cli/version.hpp"

#include <CLI/App.hpp>

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Examples:
  meshfedc version
  meshfedc version --output json)";

constexpr std::string_view kText = "meshfedc " MESHFEDC_VERSION "\n";
// `language` is the `version` of federation.toml that is understood.
constexpr std::string_view kJson = R"({"name":"meshfedc","version":")" MESHFEDC_VERSION R"(","language":1})"
                                   "\n";

}  // namespace

CLI::App* VersionCommand::declare(CLI::App& app) {
  CLI::App* command = add_command(app, "version", "Print the version");
  command
      ->add_option_function<std::string>(
          "--output", [this](const std::string& word) { json_ = word == "json"; }, "How it is printed")
      ->check(CLI::IsMember({"text", "json"}).description(""))
      ->type_name("text|json")
      ->default_str("text");
  command->footer(kFooter);
  return command;
}

Exit VersionCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(json_ ? kJson : kText);
  return session.finish();
}

}  // namespace meshfed::cli

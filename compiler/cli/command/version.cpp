#include "cli/command/version.hpp"

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

Command VersionCommand::declare() {
  return {.name = "version",
          .description = "Print the version",
          .footer = kFooter,
          .arguments = {word_option<bool>("--output", "Output format", json_, {{"text", false}, {"json", true}})},
          .run = [this](const Context& context) { return run(context); }};
}

Exit VersionCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(json_ ? kJson : kText);
  return session.finish();
}

}  // namespace meshfed::cli

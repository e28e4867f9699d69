#include "cli/schema.hpp"

#include <CLI/App.hpp>

#include "parse/json_schema.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter = R"(Editors find the schema by the first line of the file, which `meshfedc init` writes:
  #:schema ./federation.schema.json

Examples:
  meshfedc schema > federation.schema.json
  meshfedc schema --format markdown              # the keys for people to read)";

}  // namespace

CLI::App* SchemaCommand::declare(CLI::App& app) {
  CLI::App* command = add_command(app, "schema", "Print the JSON Schema of federation.toml");
  command
      ->add_option_function<std::string>(
          "--format", [this](const std::string& word) { markdown_ = word == "markdown"; },
          "A schema for editors, or the table of keys for people")
      ->check(CLI::IsMember({"json", "markdown"}).description(""))
      ->type_name("json|markdown")
      ->default_str("json");
  command->footer(kFooter);
  return command;
}

Exit SchemaCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(markdown_ ? parse::key_reference() : parse::json_schema());
  return session.finish();
}

}  // namespace meshfed::cli

#include "cli/command/schema.hpp"

#include "parse/json_schema.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Editors find the schema through the first line of the file, which `meshfedc init` writes:
  #:schema ./federation.schema.json

Examples:
  meshfedc schema > federation.schema.json
  meshfedc schema --format markdown              # the key reference, for people)";

}  // namespace

Command SchemaCommand::declare() {
  return {.name = "schema",
          .description = "Print the JSON Schema of federation.toml",
          .footer = kFooter,
          .arguments = {word_option<bool>("--format", "A schema for editors, or a key reference for people", markdown_,
                                          {{"json", false}, {"markdown", true}})},
          .run = [this](const Context& context) { return run(context); }};
}

Exit SchemaCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(markdown_ ? parse::key_reference() : parse::json_schema());
  return session.finish();
}

}  // namespace meshfed::cli

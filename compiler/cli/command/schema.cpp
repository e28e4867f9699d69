#include "cli/command/schema.hpp"

#include "parse/json_schema.hpp"
#include "require/requirements.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Editors find the schema through the first line of the file, which `meshfedc init` writes:
  #:schema ./federation.schema.json

Examples:
  meshfedc schema > federation.schema.json
  meshfedc schema --format markdown              # the key reference, for people
  meshfedc schema --format requirements          # of `requirements --format json`)";

}  // namespace

Command SchemaCommand::declare() {
  return {.name = "schema",
          .description = "Print the JSON Schema of federation.toml",
          .footer = kFooter,
          .arguments = {word_option<Output>(
              "--format", "A schema for editors, a key reference for people, or the schema of `requirements`", output_,
              {{"json", Output::json}, {"markdown", Output::markdown}, {"requirements", Output::requirements}})},
          .run = [this](const Context& context) { return run(context); }};
}

Exit SchemaCommand::run(const Context& context) const {
  Session session(context, Format::text);
  switch (output_) {
    case Output::json:
      session.print(parse::json_schema());
      break;
    case Output::markdown:
      session.print(parse::key_reference());
      break;
    case Output::requirements:
      session.print(require::json_schema());
      break;
  }
  return session.finish();
}

}  // namespace meshfed::cli

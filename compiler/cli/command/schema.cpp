#include "cli/command/schema.hpp"

#include "ask/schemas.hpp"
#include "parse/json_schema.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Editors find the schema through the first line of the file, which `meshfedc init` writes:
  #:schema ./federation.schema.json

Examples:
  meshfedc schema > federation.schema.json
  meshfedc schema --format markdown              # the key reference, for people
  meshfedc schema --of trace                     # of `meshfedc trace --format json`)";

}  // namespace

Command SchemaCommand::declare() {
  return {.name = "schema",
          .description = "Print the JSON Schema of federation.toml, or of what is printed as JSON",
          .footer = kFooter,
          .arguments = {word_option<bool>("--format", "A schema for editors, or a key reference for people", markdown_,
                                          {{"json", false}, {"markdown", true}}),
                        word_option<Subject>("--of", "What it is the schema of", subject_,
                                             {{"federation", Subject::federation},
                                              {"trace", Subject::trace},
                                              {"exposure", Subject::exposure},
                                              {"facts", Subject::facts}})},
          .conflict =
              [this] {
                const bool other = markdown_ && subject_ != Subject::federation;
                return std::string(other ? "--format markdown is the key reference of federation.toml" : "");
              },
          .run = [this](const Context& context) { return run(context); }};
}

std::string SchemaCommand::text() const {
  switch (subject_) {
    case Subject::federation:
      return markdown_ ? parse::key_reference() : parse::json_schema();
    case Subject::trace:
      return ask::trace_schema();
    case Subject::exposure:
      return ask::exposure_schema();
    case Subject::facts:
      return ask::facts_schema();
  }
  __builtin_unreachable();
}

Exit SchemaCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(text());
  return session.finish();
}

}  // namespace meshfed::cli

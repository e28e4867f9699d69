#include "cli/command/schema.hpp"

#include "ask/schemas.hpp"
#include "graph/assets.hpp"
#include "parse/json_schema.hpp"
#include "require/requirements.hpp"

namespace meshfed::cli {
namespace {

constexpr const char* kFooter =
    R"(Editors find the schema through the first line of the file, which `meshfedc init` writes:
  #:schema ./federation.schema.json

With the name of another command, prints the schema of what that prints as JSON.

Examples:
  meshfedc schema > federation.schema.json
  meshfedc schema --format markdown              # the key reference, for people
  meshfedc schema trace                          # of `meshfedc trace --format json`)";

}  // namespace

Command SchemaCommand::declare() {
  Argument of = word_option<Of>("", "Of the main file, or of the JSON that this command prints", of_,
                                {{"federation", Of::federation},
                                 {"list", Of::list},
                                 {"show", Of::show},
                                 {"trace", Of::trace},
                                 {"trace-against", Of::trace_against},
                                 {"exposure", Of::exposure},
                                 {"facts", Of::facts},
                                 {"requirements", Of::requirements}});
  of.names.clear();
  of.positional = "of";
  return {.name = "schema",
          .description = "Print the JSON Schema of federation.toml, or of what is printed as JSON",
          .footer = kFooter,
          .arguments = {of, word_option<bool>("--format", "A schema for editors, or a key reference for people",
                                              markdown_, {{"json", false}, {"markdown", true}})},
          .conflict = [this]() -> std::string {
            return markdown_ && of_ != Of::federation ? "only the keys of federation.toml have a reference for people"
                                                      : "";
          },
          .run = [this](const Context& context) { return run(context); }};
}

std::string SchemaCommand::text() const {
  switch (of_) {
    case Of::federation:
      return markdown_ ? parse::key_reference() : parse::json_schema();
    case Of::list:
      return std::string(graph::kListSchema);
    case Of::show:
      return std::string(graph::kShowSchema);
    case Of::trace:
      return ask::trace_schema();
    case Of::trace_against:
      return ask::trace_against_schema();
    case Of::exposure:
      return ask::exposure_schema();
    case Of::facts:
      return ask::facts_schema();
    case Of::requirements:
      return require::json_schema();
  }
  return {};
}

Exit SchemaCommand::run(const Context& context) const {
  Session session(context, Format::text);
  session.print(text());
  return session.finish();
}

}  // namespace meshfed::cli

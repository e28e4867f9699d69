// The table of keys as a JSON Schema, for editors.
#pragma once

#include <string>

namespace meshfed::parse {

/// schema/federation.schema.json: Draft 4 (what taplo understands in full), with descriptions. Ends with a line break.
std::string json_schema();

/// The table of keys as Markdown, for schema/keys.md: a section per table.
std::string key_reference();

}  // namespace meshfed::parse

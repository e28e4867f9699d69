// The shapes of what is printed as JSON, and of facts, as JSON Schema.
#pragma once

#include <string>

namespace meshfed::ask {

std::string trace_schema();
std::string trace_against_schema();
std::string exposure_schema();
std::string facts_schema();

}  // namespace meshfed::ask

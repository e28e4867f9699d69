// Facts as a file: JSON of a schema with a version.
#pragma once

#include <string>

#include "interpret/facts.hpp"
#include "yaml/view.hpp"

namespace meshfed::ask {

inline constexpr int kFactsVersion = 1;

std::string to_json(const interpret::Facts& facts);

/// What is wrong with it; empty if it was read.
std::string read_facts(yaml::View document, interpret::Facts& facts);

}  // namespace meshfed::ask

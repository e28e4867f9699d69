// Strings that YAML readers are known to take for something else, and random ones made of what they trip over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace meshfed::yaml_oracle {

// `count` strings (more, if the known ones are more), all different, valid UTF-8, no longer than 900 bytes. The same
// seed gives the same strings.
std::vector<std::string> awkward_strings(std::uint64_t seed, std::size_t count);

}  // namespace meshfed::yaml_oracle

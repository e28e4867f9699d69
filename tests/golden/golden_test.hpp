// A golden case: tests/golden/<name>/federation.toml, and expected/, the tree that it compiles to.
#pragma once

#include <string>

namespace meshfed::testing {

/// Compares byte for byte, and no file may be missing or left over. With MESHFED_UPDATE=1 in the environment it writes
/// expected/ instead.
void golden_case(const std::string& name);

}  // namespace meshfed::testing

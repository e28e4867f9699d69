// The federation.toml that `meshfedc init` writes: two meshes that share one service, explained line by line.
#pragma once

#include <string_view>

namespace meshfed::cli {

/// Compiles without errors; what it warns about is meant to be seen. The examples of the diagnostics build upon it
/// (diag/catalog/README.md).
std::string_view starter();

}  // namespace meshfed::cli

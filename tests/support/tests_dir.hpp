// Where the fixtures are: the folder tests/ of the sources, unless the environment variable MESHFED_TESTS_DIR names
// that of a copy. tests/run.sh updates a copy to see that it does not change.
#pragma once

#include <cstdlib>
#include <string>

namespace meshfed::testing {

inline std::string tests_dir() {
  const char* copy = std::getenv("MESHFED_TESTS_DIR");
  return copy != nullptr ? copy : MESHFED_TESTS_DIR;
}

}  // namespace meshfed::testing

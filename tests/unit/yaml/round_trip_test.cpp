#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "yaml/literal.hpp"
#include "yaml/writer.hpp"
#include "yaml_oracle/document.hpp"
#include "yaml_oracle/strings.hpp"
#include "yaml_oracle/yaml_cpp_reader.hpp"

namespace meshfed::yaml_oracle {
namespace {

// MESHFED_SEED repeats a run that failed.
std::uint64_t seed() {
  const char* given = std::getenv("MESHFED_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device()();
}

TEST_CASE("yaml-cpp reads back every awkward string, as item, value, key and deep below") {
  const std::uint64_t used = seed();
  CAPTURE(used);
  const std::vector<std::string> strings = awkward_strings(used, 6000);
  const yaml::Map expected = document(strings);
  const Comparison result = compare_with_yaml_cpp(yaml::to_string(expected), expected);
  CHECK(result.compared > 6 * strings.size());
  CHECK(result.differences == std::vector<std::string>());
}

TEST_CASE("the comparison notices a string that became something else") {
  const yaml::Map expected = {{"a", "true"}, {"b", yaml::List{"1.10"}}, {"c", "x"}};
  CHECK(compare_with_yaml_cpp("a: true\nb:\n- 1.10\nc: x\n", expected).differences.size() == 2);
  CHECK(compare_with_yaml_cpp("a: \"true\"\nb: [\"1.10\"]\nc: 'x '\n", expected).differences.size() == 1);
  CHECK(compare_with_yaml_cpp("a: \"true\"\nb: [\"1.10\"]\nc: x\nc: x\n", expected).differences.size() == 1);
  CHECK(compare_with_yaml_cpp("a: [", expected).differences.size() == 1);
}

}  // namespace
}  // namespace meshfed::yaml_oracle

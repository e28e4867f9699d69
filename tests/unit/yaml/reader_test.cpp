#include "yaml/reader.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "yaml/literal.hpp"
#include "yaml/writer.hpp"

using namespace meshfed::yaml;

namespace {

Value read_one(const std::string& text) {
  const Reading reading = read(text);
  REQUIRE_MESSAGE(reading.problem.empty(), reading.problem);
  REQUIRE(reading.documents.size() == 1);
  return reading.documents.front();
}

}  // namespace

TEST_CASE("scalars are what Kubernetes' reader takes them for") {
  const struct {
    const char* text;
    Value value;
  } kCases[] = {
      {"true", true},
      {"Yes", true},
      {"OFF", false},
      {"n", false},
      {"tRUE", "tRUE"},
      {"\"true\"", "true"},
      {"'5'", "5"},
      {"5", 5},
      {"-12", -12},
      {"0", 0},
      {"0755", "0755"},
      {"1.10", "1.10"},
      {"1_000", "1_000"},
      {"10.0.0.1", "10.0.0.1"},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", "9223372036854775808"},
      {"~", nullptr},
      {"null", nullptr},
      {"\"\"", ""},
      {"!!str 5", "5"},
      {"- a", List{"a"}},
      {"a: {}", Map{{"a", Map{}}}},
      {"a:", Map{{"a", nullptr}}},
      {"a: |\n  b\n  c\n", Map{{"a", "b\nc\n"}}},
      {"[a, {b: [1]}]", List{"a", Map{{"b", List{1}}}}},
  };
  for (const auto& [text, value] : kCases) {
    INFO(text);
    CHECK(read_one(text) == value);
  }
}

TEST_CASE("a file is as many documents as it has") {
  CHECK(read("").documents.empty());
  CHECK(read("# nothing\n").documents.empty());
  CHECK(read("a: 1\n---\nb: 2\n").documents == std::vector<Value>{Map{{"a", 1}}, Map{{"b", 2}}});
  CHECK(read("---\n---\na: 1\n").documents == std::vector<Value>{nullptr, Map{{"a", 1}}});
}

TEST_CASE("what the writer writes is read back") {
  const Map map{{"true", "true"}, {"a b", List{"1", 1, true, nullptr, "x\ny\n", "\x01\u2028", Map{{"k", List{}}}}}};
  CHECK(read_one(to_string(map)) == Value(map));
}

TEST_CASE("what is refused says where") {
  const struct {
    std::string text;
    const char* problem;
  } kCases[] = {
      {"a: &x [1]\nb: *x\n", "line 2, column 4: aliases are not supported"},
      {"a: 1\nb: 2\na: 3\n", "line 3, column 1: duplicate key"},
      {"? [a]\n: b\n", "a key is not a string"},
      {"a: !secret b\n", "line 1, column 4: tags are not supported"},
      {"a: [\n", "line "},
      {"a: b: c\n", "line 1, column 5: "},
      {std::string(200, '[') + std::string(200, ']'), "nested too deeply"},
      {std::string(100'000, '['), "line 1"},
      {"a: 1\n---\nb: \"x", "line "},
  };
  for (const auto& [text, problem] : kCases) {
    INFO(text.substr(0, 40));
    const Reading reading = read(text);
    CHECK_MESSAGE(reading.problem.find(problem) != std::string::npos, reading.problem);
    CHECK(reading.documents.empty());
  }
}

TEST_CASE("aliases are not expanded") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string name = std::to_string(i), last = std::to_string(i - 1);
    bomb += "a" + name + ": &a" + name + " [*a" + last + ", *a" + last + "]\n";
  }
  CHECK(read(bomb).problem == "line 2, column 10: aliases are not supported: write out the value");
}

TEST_CASE("bytes that are no YAML at all are no crash") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const char* around : {"", "a: ", "- ", "\"", "? ", "&", "|"}) {
      const Reading reading = read(around + std::string(3, static_cast<char>(byte)));
      CHECK((reading.problem.empty() || reading.documents.empty()));
    }
  }
}

#include "diff/fields.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "diff/change.hpp"
#include "diff/lines.hpp"
#include "yaml/reader.hpp"

using namespace meshfed;

namespace {

yaml::Map map_of(const std::string& text) {
  const yaml::Reading reading = yaml::read(text);
  REQUIRE_MESSAGE(reading.problem.empty(), reading.problem);
  return std::get<yaml::Map>(reading.documents.front().data());
}

// As it is shown.
std::vector<std::string> changes(const std::string& before, const std::string& after) {
  diff::Change change{.id = "Kind/name", .fields = diff::compare_fields(map_of(before), map_of(after))};
  std::vector<std::string> lines;
  for (const diff::Line& line : diff::lines_of(change)) lines.push_back(std::string(1, line.sign) + ' ' + line.text);
  return lines;
}

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

}  // namespace

TEST_CASE("fields are compared by what they mean") {
  const struct {
    std::string what;
    const char* before;
    const char* after;
    Lines lines;
  } kCases[] = {
      {"equal", "a: 1", "a: 1", {}},
      {"the order of keys says nothing", "{a: 1, b: 2}", "{b: 2, a: 1}", {}},
      {"a value", "spec: {mode: STRICT}", "spec: {mode: PERMISSIVE}", {"~ spec.mode: STRICT -> PERMISSIVE"}},
      {"another type", "a: 5", "a: \"5\"", {"~ a: 5 -> \"5\""}},
      {"null is not nothing", "a:", "{}", {"- a: null"}},
      {"gone and new", "{a: 1}", "{b: {c: x}}", {"- a: 1", "+ b:", "+   c: x"}},
      {"map against scalar", "a: {b: 1}", "a: x", {"- a:", "-   b: 1", "+ a: x"}},
      {"keys that need quoting",
       "labels: {app.kubernetes.io/name: a}",
       "labels: {app.kubernetes.io/name: b}",
       {"~ labels[\"app.kubernetes.io/name\"]: a -> b"}},
      {"ports by name",
       "ports: [{name: http, number: 80}, {name: tls, number: 443}]",
       "ports: [{name: http, number: 81}, {name: tls, number: 443}]",
       {"~ ports[name=http].number: 80 -> 81"}},
      {"servers by their port's name",
       "servers: [{port: {name: tls, number: 1}, hosts: [a]}]",
       "servers: [{port: {name: tls, number: 1}, hosts: [a, b.c]}]",
       {"+ servers[port.name=tls].hosts[]: b.c"}},
      {"endpoints by network",
       "endpoints: [{network: east, weight: 1}]",
       "endpoints: [{network: west, weight: 1}, {network: east, weight: 2}]",
       {"~ endpoints[network=east].weight: 1 -> 2", "+ endpoints[network=west]:", "+   network: west",
        "+   weight: 1"}},
      {"a key that two items share does not tell them apart",
       "l: [{name: a, host: x}, {name: a, host: v}]",
       "l: [{name: a, host: x}, {name: a, host: z}]",
       {"- l[host=v]:", "-   name: a", "-   host: v", "+ l[host=z]:", "+   name: a", "+   host: z"}},
      {"else by position",
       "l: [{m: [1]}, {m: [2]}]",
       "l: [{m: [1]}, {m: [3]}, {m: [4]}]",
       {"- l[1].m[]: 2", "+ l[1].m[]: 3", "+ l[2]:", "+   m:", "+   - 4"}},
      {"scalars are a bag", "h: [a, b, b]", "h: [b, c, b]", {"- h[]: a", "+ h[]: c"}},
      {"whose order counts", "h: [a, b]", "h: [b, a]", {"- h:", "- - a", "- - b", "+ h:", "+ - b", "+ - a"}},
      {"5 is not \"5\"", "h: [5]", "h: [\"5\"]", {"- h[]: 5", "+ h[]: \"5\""}},
      {"the order of keyed items",
       "l: [{name: a}, {name: b}]",
       "l: [{name: b}, {name: a}]",
       {"- l:", "- - a", "- - b", "+ l:", "+ - b", "+ - a"}},
      {"an empty list is not a missing one", "{a: []}", "{}", {"- a: []"}},
      {"a list that becomes empty", "a: [x]", "a: []", {"- a:", "- - x", "+ a: []"}},
      {"text of several lines", "a: \"x\\ny\\n\"", "a: x", {"- a: |", "-   x", "-   y", "+ a: x"}},
      {"nothing moves the cursor", "a: x", "a: \"\\e[2J\"", {"~ a: x -> \"\\x1B[2J\""}},
  };
  for (const auto& [what, before, after, lines] : kCases) {
    INFO(what);
    CHECK(joined(changes(before, after)) == joined(lines));
  }
}

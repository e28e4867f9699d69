#include "yaml/node.hpp"

#include <doctest/doctest.h>

#include "yaml/literal.hpp"

using namespace meshfed;
using yaml::List;
using yaml::Map;
using yaml::Node;

TEST_CASE("a node looks at a value, and what is not there is absent") {
  const yaml::Value value(Map{{"a", Map{{"b", List{1, "x"}}}}, {"flag", true}, {"none", nullptr}});
  const Node node(value);
  CHECK(node["a"]["b"].items().size() == 2);
  CHECK(Node(node["a"]["b"].items()[0]).number() == 1);
  CHECK(*Node(node["a"]["b"].items()[1]).text() == "x");
  CHECK(node["flag"].flag() == true);
  CHECK_FALSE(node["none"].present());
  CHECK_FALSE(node["x"]["y"]["z"].present());
  CHECK(node["a"].text() == nullptr);
  CHECK_FALSE(node["flag"].number());
  CHECK(node["flag"].items().empty());
  CHECK(node.entries().size() == 3);
}

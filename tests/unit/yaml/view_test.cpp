#include "yaml/view.hpp"

#include <doctest/doctest.h>

#include "yaml/literal.hpp"

using namespace meshfed;
using yaml::List;
using yaml::Map;
using yaml::View;

TEST_CASE("a view looks at a value, and what is not there is absent") {
  const yaml::Value value(Map{{"a", Map{{"b", List{1, "x"}}}}, {"flag", true}, {"none", nullptr}});
  const View view(value);
  CHECK(view["a"]["b"].items().size() == 2);
  CHECK(View(view["a"]["b"].items()[0]).number() == 1);
  CHECK(*View(view["a"]["b"].items()[1]).text() == "x");
  CHECK(view["flag"].flag() == true);
  CHECK_FALSE(view["none"].present());
  CHECK_FALSE(view["x"]["y"]["z"].present());
  CHECK(view["a"].text() == nullptr);
  CHECK_FALSE(view["flag"].number());
  CHECK(view["flag"].items().empty());
  CHECK(view.entries().size() == 3);
}

#include "yaml/value.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "yaml/literal.hpp"

namespace meshfed::yaml {
namespace {

// What would turn into something else silently is not accepted at all.
static_assert(!std::constructible_from<Value, const void*>);
static_assert(!std::constructible_from<Value, char>);
static_assert(!std::constructible_from<Value, double>);
static_assert(!std::constructible_from<Value, std::uint64_t>);
static_assert(std::constructible_from<Value, std::uint32_t>);

template <class T>
bool holds(const Value& value) {
  return std::holds_alternative<T>(value.data());
}

std::vector<std::string> keys(const Map& map) {
  std::vector<std::string> result;
  for (const Entry& entry : map) result.push_back(entry.key);
  return result;
}

TEST_CASE("a value keeps the type it was given") {
  CHECK(holds<std::string>(Value("true")));
  CHECK(holds<std::string>(Value(std::string("1"))));
  CHECK(holds<std::string>(Value(std::string_view("1"))));
  CHECK(holds<bool>(Value(true)));
  CHECK(holds<std::int64_t>(Value(1)));
  CHECK(holds<std::int64_t>(Value(std::uint16_t{443})));
  CHECK(holds<std::nullptr_t>(Value(nullptr)));
  CHECK(holds<List>(Value(std::vector<std::string>{"a"})));
  CHECK(holds<Map>(Value(std::map<std::string, std::string>{{"a", "b"}})));
}

TEST_CASE("a literal nests as it is written") {
  const Map map = {
      {"list", List{"a", 1, true, nullptr}},
      {"lists", List{List{"a"}, List{}}},
      {"maps", List{Map{{"a", "b"}}, Map{}}},
      {"map", Map{{"a", Map{{"b", "c"}}}}},
  };
  List list;
  list.add("a");
  list.add(1);
  list.add(true);
  list.add(nullptr);
  CHECK(map.begin()->value == Value(list));
  CHECK(map.begin()[1].value == Value(List{List{std::string("a")}, Value(List{})}));
  CHECK(map.begin()[2].value.data().index() == Value(List{}).data().index());
  CHECK(map.size() == 4);
}

TEST_CASE("a list of one list is not that list") {
  const List inner = {"a"};
  CHECK(List{inner}.size() == 1);
  CHECK(holds<List>(*List{inner}.begin()));
}

TEST_CASE("an absent field is dropped, an empty one is kept unless if_any says so") {
  const Map map = {
      {"a", std::optional<int>()},
      {"b", std::optional<int>(0)},
      {"c", if_any(std::string())},
      {"d", std::string()},
      {"e", if_any(List{})},
      {"f", List{}},
      {"g", if_any(Map{{"h", if_any(std::map<std::string, std::string>())}})},
      {"i", if_any(std::vector<std::string>{"x"})},
      {"j", nullptr},
  };
  CHECK(keys(map) == std::vector<std::string>{"b", "d", "f", "i", "j"});
}

TEST_CASE("a map keeps the order its entries were added in") {
  Map map = {{"b", 1}, {"a", 2}};
  map.add("0", 3);
  map.append({{"z", 4}, {"c", 5}});
  CHECK(keys(map) == std::vector<std::string>{"b", "a", "0", "z", "c"});
}

TEST_CASE("each makes one item of each element, in order") {
  const std::vector<int> numbers = {3, 1, 2};
  CHECK(each(numbers, [](int number) { return number * 10; }) == List{30, 10, 20});
  CHECK(each(std::vector<int>{}, [](int number) { return number; }).empty());
}

}  // namespace
}  // namespace meshfed::yaml

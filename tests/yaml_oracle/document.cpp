#include "yaml_oracle/document.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "yaml/literal.hpp"

namespace meshfed::yaml_oracle {

using yaml::List;
using yaml::Map;

Map document(const std::vector<std::string>& strings) {
  Map values;
  Map keys;
  List nested;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const auto index = static_cast<std::int64_t>(i);
    values.add("v" + std::to_string(i), strings[i]);
    keys.add(strings[i], index);
    nested.add(Map{{"outer", List{List{Map{{"text", strings[i]}, {"index", index}}}}}});
  }
  return {
      {"types",
       Map{
           {"yes", true},
           {"no", false},
           {"nothing", nullptr},
           {"zero", 0},
           {"most", std::numeric_limits<std::int64_t>::max()},
           {"least", std::numeric_limits<std::int64_t>::min()},
           {"list", List{}},
           {"map", Map{}},
           {"lists", List{List{}, List{Map{}, nullptr, false}, List{1, "1"}}},
       }},
      {"items", strings},
      {"values", std::move(values)},
      {"keys", std::move(keys)},
      {"nested", std::move(nested)},
  };
}

}  // namespace meshfed::yaml_oracle

#include "yaml/json.hpp"

#include <variant>

namespace meshfed::yaml {
namespace {

using Json = nlohmann::ordered_json;

struct ToJson {
  Json operator()(const Map& map) const {
    Json object = Json::object();
    for (const Entry& entry : map) object[entry.key] = to_json(entry.value);
    return object;
  }
  Json operator()(const List& list) const {
    Json array = Json::array();
    for (const Value& item : list) array.push_back(to_json(item));
    return array;
  }
  Json operator()(const auto& scalar) const { return Json(scalar); }
};

}  // namespace

Json to_json(const Value& value) { return std::visit(ToJson{}, value.data()); }
Json to_json(const Map& map) { return ToJson{}(map); }

}  // namespace meshfed::yaml

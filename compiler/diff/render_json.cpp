#include "diff/render_json.hpp"

#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "diff/lookup.hpp"

namespace meshfed::diff {
namespace {

using Json = nlohmann::ordered_json;

struct ToJson {
  Json operator()(const yaml::Value& value) const { return std::visit(*this, value.data()); }
  Json operator()(const yaml::Map& map) const {
    Json object = Json::object();
    for (const yaml::Entry& entry : map) object[entry.key] = (*this)(entry.value);
    return object;
  }
  Json operator()(const yaml::List& list) const {
    Json array = Json::array();
    for (const yaml::Value& item : list) array.push_back((*this)(item));
    return array;
  }
  Json operator()(const auto& scalar) const { return Json(scalar); }
};

Json risks_json(const std::vector<Risk>& risks) {
  Json array = Json::array();
  for (const Risk& risk : risks)
    array.push_back({{"rule", risk.rule}, {"level", word(risk.level)}, {"text", risk.text}});
  return array;
}

Json field_json(const FieldChange& field) {
  Json object{{"path", field.path}};
  if (field.before) object["before"] = ToJson{}(*field.before);
  if (field.after) object["after"] = ToJson{}(*field.after);
  return object;
}

Json change_json(const Change& change) {
  const Identity identity = identity_of(change.id);
  Json object{{"action", word(change.action)}, {"object", change.id},   {"kind", identity.kind},
              {"namespace", identity.ns},      {"name", identity.name}, {"clusters", change.clusters}};
  if (change.action == Action::change) {
    object["fields"] = Json::array();
    for (const FieldChange& field : change.fields) object["fields"].push_back(field_json(field));
  } else {
    object["document"] = ToJson{}(change.document);
  }
  object["risks"] = risks_json(change.risks);
  return object;
}

Json cluster_json(const Cluster& cluster) {
  return {{"name", cluster.name},     {"state", word(cluster.state)},      {"add", cluster.add},
          {"change", cluster.change}, {"remove", cluster.remove},          {"unchanged", cluster.unchanged},
          {"files", cluster.files},   {"risks", risks_json(cluster.risks)}};
}

}  // namespace

std::string render_json(const Difference& difference) {
  Json document{{"version", 1},
                {"clusters", Json::array()},
                {"changes", Json::array()},
                {"hosts", Json::array()},
                {"discovered", Json::array()}};
  std::size_t add = 0, change = 0, remove = 0;
  for (const Cluster& cluster : difference.clusters) {
    document["clusters"].push_back(cluster_json(cluster));
    add += cluster.add;
    change += cluster.change;
    remove += cluster.remove;
  }
  for (const Change& one : difference.changes) document["changes"].push_back(change_json(one));
  for (const Host& host : difference.hosts) {
    document["hosts"].push_back(
        {{"host", host.name}, {"appears", host.appears}, {"changes", host.changes}, {"disappears", host.disappears}});
  }
  for (const Discovered& one : difference.discovered) {
    document["discovered"].push_back(
        {{"action", word(one.action)}, {"export", one.name}, {"table", one.table}, {"place", one.place}});
  }
  document["add"] = add;
  document["change"] = change;
  document["remove"] = remove;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace meshfed::diff

#include "diff/render_json.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "diff/lookup.hpp"
#include "yaml/json.hpp"

namespace meshfed::diff {
namespace {

using Json = nlohmann::ordered_json;

Json risks_json(const std::vector<Risk>& risks) {
  Json array = Json::array();
  for (const Risk& risk : risks)
    array.push_back({{"rule", risk.rule}, {"level", word(risk.level)}, {"text", risk.text}});
  return array;
}

Json field_json(const FieldChange& field) {
  Json object{{"path", field.path}};
  if (field.before) object["before"] = yaml::to_json(*field.before);
  if (field.after) object["after"] = yaml::to_json(*field.after);
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
    object["document"] = yaml::to_json(change.document);
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

// Every field that is written, in every golden tree and example: an edit of it has a risk, or a reason why it has none.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "diff/field_path.hpp"
#include "diff/lookup.hpp"
#include "diff/risks.hpp"
#include "yaml/reader.hpp"

using namespace meshfed;

namespace {

struct Harmless {
  std::string_view kind;  // empty: any
  std::string_view field;
  std::string_view why;
};

constexpr Harmless kHarmless[] = {
    {"", "apiVersion", "the same object, written for another version of its API"},
    {"", "kind", "names another object, which comes as this one goes"},
    {"", "metadata.name", "names another object, which comes as this one goes"},
    {"", "metadata.namespace", "names another object, which comes as this one goes"},
    {"", "metadata.labels[\"app.kubernetes.io/managed-by\"]", "nothing that runs selects by it"},
    {"", "metadata.labels[\"app.kubernetes.io/part-of\"]", "nothing that runs selects by it"},
    {"ServiceEntry.networking.istio.io", "spec.exportTo", "without it, all see the host, as with `*`"},
    {"Service", "metadata.annotations[\"networking.istio.io/exportTo\"]",
     "without it, all see the Service, as with `*`"},
    {"ConfigMap", "data.deployment", "goes when an autoscaler comes, which is a risk of its own"},
    {"Gateway.networking.istio.io", "spec.servers.port.name", "a name within the object, which nothing refers to"},
    {"Gateway.networking.istio.io", "spec.servers", "matched by that name"},
    {"Gateway.gateway.networking.k8s.io", "spec.listeners.name", "of a gateway elsewhere: no route names its listener"},
    {"Gateway.gateway.networking.k8s.io", "spec.listeners", "matched by that name"},
    {"Gateway.gateway.networking.k8s.io", "spec.listeners.allowedRoutes.namespaces.from",
     "of a gateway elsewhere: no route goes there"},
};

// Another value that the field may have.
yaml::Value other(const yaml::Value& value) {
  static const std::map<std::string, std::string> kWords = {{"ClusterIP", "NodePort"}, {"NodePort", "ClusterIP"}};
  if (const auto* number = std::get_if<std::int64_t>(&value.data())) return *number + 1;
  if (const auto* flag = std::get_if<bool>(&value.data())) return !*flag;
  const std::string text = std::get<std::string>(value.data());
  const auto word = kWords.find(text);
  return word == kWords.end() ? text + "-other" : word->second;
}

// The value with the scalar that `left` counts down to changed, or taken out.
std::optional<yaml::Value> edited(const yaml::Value& value, std::size_t& left, bool take_out) {
  if (const auto* map = std::get_if<yaml::Map>(&value.data())) {
    yaml::Map copy;
    for (const yaml::Entry& entry : *map)
      if (auto below = edited(entry.value, left, take_out)) copy.add(entry.key, std::move(*below));
    return copy;
  }
  if (const auto* list = std::get_if<yaml::List>(&value.data())) {
    yaml::List copy;
    for (const yaml::Value& item : *list)
      if (auto below = edited(item, left, take_out)) copy.add(std::move(*below));
    return copy;
  }
  if (left-- != 0) return value;
  return take_out ? std::nullopt : std::optional(other(value));
}

std::vector<yaml::Map> written_objects() {
  std::vector<yaml::Map> objects;
  const std::filesystem::path tests = MESHFED_TESTS_DIR;
  for (const std::filesystem::path& top : {tests / "golden", tests.parent_path() / "out"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
      if (entry.path().extension() != ".yaml") continue;
      const auto& parts = entry.path();
      const auto is_output = [](const auto& part) {
        return part == "expected" || part == "reference" || part == "out";
      };
      if (std::none_of(parts.begin(), parts.end(), is_output)) continue;  // manifests that are read
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      for (const yaml::Value& document : yaml::read(text.str()).documents)
        if (const auto* map = std::get_if<yaml::Map>(&document.data())) objects.push_back(*map);
    }
  }
  return objects;
}

std::string id_of(const yaml::Map& object) {
  return diff::id_of(object).value_or("Kustomization.kustomize.config.k8s.io/kustomization.yaml");
}

const Harmless* reason(std::string_view kind, std::string_view field) {
  const auto* found = std::find_if(std::begin(kHarmless), std::end(kHarmless), [&](const Harmless& one) {
    return one.field == field && (one.kind.empty() || one.kind == kind);
  });
  return found == std::end(kHarmless) ? nullptr : found;
}

}  // namespace

TEST_CASE("every field that is written has a risk, or a reason why it has none") {
  std::set<std::string> seen;
  std::set<const Harmless*> used;
  for (const yaml::Map& object : written_objects()) {
    const std::string id = id_of(object);
    const std::string kind(diff::identity_of(id).kind);
    const std::string sort = kind + (diff::host_of(id).empty() ? " " : " host ") +
                             std::string(diff::text_at(object, "spec.gatewayClassName"));
    for (const bool take_out : {false, true}) {
      for (std::size_t leaf = 0;; ++leaf) {
        std::size_t left = leaf;
        const yaml::Map after = std::get<yaml::Map>(edited(object, left, take_out)->data());
        const std::vector<diff::FieldChange> fields = diff::compare_fields(object, after);
        if (fields.empty()) break;
        const std::string field = diff::general_path(fields.front().path);
        if (!seen.insert(sort + ' ' + field + (take_out ? " goes" : " changes")).second) continue;
        const diff::Change change{
            .action = diff::Action::change, .id = id, .document = after, .fields = fields, .before = object};
        if (!diff::risks_of(change).empty()) continue;
        const Harmless* why = reason(kind, field);
        used.insert(why);
        CHECK_MESSAGE(why, kind << ", " << field << std::string(take_out ? " goes" : " changes") << ", in " << id);
      }
    }
  }
  CHECK(seen.size() > 150);
  for (const Harmless& one : kHarmless) CHECK_MESSAGE(used.contains(&one), "no such field: " << one.field);
}

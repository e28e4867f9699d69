#include "diff/compare.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/path.hpp"
#include "base/text.hpp"
#include "diff/lists.hpp"
#include "diff/lookup.hpp"
#include "yaml/reader.hpp"
#include "yaml/writer.hpp"

namespace meshfed::diff {
namespace {

constexpr std::string_view kSeparator = "---\n";

struct Planned {
  std::string id;
  yaml::Map document;
  std::string text;  // as it is written
};

std::vector<Planned> planned_objects(const k8s::ClusterPlan& plan) {
  std::vector<Planned> objects;
  for (const k8s::File& file : plan.files) {
    for (const k8s::Resource& resource : file.resources) {
      yaml::Map document = k8s::document(resource);
      std::string text = yaml::to_string(document);
      objects.push_back({k8s::object_id(resource), std::move(document), std::move(text)});
    }
  }
  return objects;
}

// The documents of a file as we write one. Of any other file some text, which equals nothing that we write.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> documents;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(kSeparator, begin);
    if (end == std::string_view::npos) {
      documents.push_back(text.substr(begin));
      return documents;
    }
    if (end == 0 || text[end - 1] == '\n') {
      documents.push_back(text.substr(0, end));
      text.remove_prefix(end + kSeparator.size());
      begin = 0;
    } else {
      begin = end + 1;
    }
  }
}

Lists planned_lists(const k8s::ClusterPlan& plan) {
  if (!plan.kustomization) return {};
  std::vector<std::string_view> paths;
  paths.reserve(plan.files.size());
  for (const k8s::File& file : plan.files) paths.push_back(file.path);
  return lists_of(paths);
}

/// Values for `helm install` have no kind and no name: they are known by their file.
std::optional<std::string> id_in(std::string_view path, const yaml::Map& document) {
  if (!path.ends_with(k8s::kHelmValuesSuffix) || find(document, "kind")) return id_of(document);
  const std::string_view chart = path.substr(0, path.size() - k8s::kHelmValuesSuffix.size());
  return std::string(k8s::HelmValues::kKind).append("/").append(chart);
}

class ClusterComparer {
 public:
  ClusterComparer(std::string name, Cluster::State state, const Published& before, std::vector<Planned> planned)
      : before_(before), planned_(std::move(planned)) {
    found_.cluster.name = std::move(name);
    found_.cluster.state = state;
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      by_id_.emplace(planned_[i].id, i);
      by_text_.emplace(planned_[i].text, i);
    }
  }

  ClusterChanges run(const Lists& after) {
    const Lists lists = read_lists(before_, found_.unreadable);
    for (const Manifest* manifest : applied_files(before_, lists)) {
      if (!is_as_planned(*manifest)) read(*manifest);
    }
    for (const Planned& planned : planned_)
      if (!homes_.contains(planned.id)) add(planned);
    find_moves();
    find_hosts();
    if (found_.cluster.state == Cluster::State::kept && before_.listed == after.empty())
      found_.cluster.lists = before_.listed ? Cluster::Lists::vanish : Cluster::Lists::appear;
    for (Change& list : edited_lists(before_, lists, after)) {
      count_of(list.action)++;
      found_.changes.push_back(std::move(list));
    }
    return std::move(found_);
  }

 private:
  // Reading YAML is most of the work, and most documents are, byte for byte, what will be written again.
  bool is_as_planned(const Manifest& manifest) {
    std::vector<std::size_t> same;
    for (const std::string_view text : split(manifest.text)) {
      const auto found = by_text_.find(text);
      if (found == by_text_.end()) return false;
      same.push_back(found->second);
    }
    for (const std::size_t index : same) {
      if (settle(planned_[index].id, manifest.path)) ++found_.cluster.unchanged;
    }
    return true;
  }

  void read(const Manifest& manifest) {
    yaml::Reading reading = yaml::read(manifest.text);
    if (!reading.problem.empty()) return refuse(manifest.path, reading.problem);
    std::size_t number = 0;
    for (const yaml::Value& document : reading.documents) {
      ++number;
      if (document == yaml::Value()) continue;
      const auto* map = std::get_if<yaml::Map>(&document.data());
      const std::optional<std::string> id = map ? id_in(manifest.path, *map) : std::nullopt;
      if (!id) return refuse(manifest.path, "document " + std::to_string(number) + " has no kind or no name");
      if (settle(*id, manifest.path)) compare_object(*id, *map);
    }
  }

  // False if the object was met before.
  bool settle(const std::string& id, const std::string& path) {
    const auto [home, first] = homes_.emplace(id, path);
    if (!first)
      refuse(path, base::quoted(id) + " is also in " + base::quoted(base::below(before_.directory, home->second)));
    return first;
  }

  void compare_object(const std::string& id, const yaml::Map& before) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      ++found_.cluster.remove;
      found_.changes.push_back({Action::remove, id, before});
      return;
    }
    const yaml::Map& after = planned_[found->second].document;
    std::vector<FieldChange> fields = compare_fields(before, after);
    if (fields.empty()) {
      ++found_.cluster.unchanged;
      return;
    }
    ++found_.cluster.change;
    found_.changes.push_back(
        {.action = Action::change, .id = id, .document = after, .fields = std::move(fields), .before = before});
  }

  void add(const Planned& planned) {
    ++found_.cluster.add;
    found_.changes.push_back({Action::add, planned.id, planned.document});
  }

  std::size_t& count_of(Action action) {
    Cluster& cluster = found_.cluster;
    return action == Action::add ? cluster.add : action == Action::remove ? cluster.remove : cluster.change;
  }

  // What goes in one namespace and comes in another is still there in the end.
  void find_moves() {
    const auto what = [](const Change& change) {
      const Identity object = identity_of(change.id);
      return std::pair(object.kind, object.name);
    };
    std::map<std::pair<std::string_view, std::string_view>, std::set<Action>> actions;
    for (const Change& change : found_.changes) actions[what(change)].insert(change.action);
    for (Change& change : found_.changes) {
      const std::set<Action>& all = actions[what(change)];
      change.moves = change.action != Action::change && all.contains(Action::add) && all.contains(Action::remove);
    }
  }

  // A host appears where it had no object before, and disappears where it has none afterwards.
  void find_hosts() {
    std::set<std::string_view> before, after;
    for (const auto& [id, path] : homes_) before.insert(host_of(id));
    for (const Planned& planned : planned_) after.insert(host_of(planned.id));
    for (const Change& change : found_.changes) {
      const std::string_view host = host_of(change.id);
      if (host.empty()) continue;
      const HostState state = !before.contains(host)  ? HostState::appears
                              : !after.contains(host) ? HostState::disappears
                                                      : HostState::changes;
      found_.hosts.emplace(host, state);
    }
  }

  void refuse(const std::string& path, std::string why) {
    found_.unreadable.push_back({base::below(before_.directory, path), std::move(why)});
  }

  ClusterChanges found_;
  const Published& before_;
  std::vector<Planned> planned_;
  std::unordered_map<std::string_view, std::size_t> by_id_, by_text_;
  std::map<std::string, std::string> homes_;  // what was published: id to path
};

}  // namespace

ClusterChanges compare(const Published& before, const k8s::ClusterPlan& after) {
  const Cluster::State state = before.present ? Cluster::State::kept : Cluster::State::added;
  return ClusterComparer(after.cluster, state, before, planned_objects(after)).run(planned_lists(after));
}

ClusterChanges retire(const std::string& cluster, const Published& before) {
  return ClusterComparer(cluster, Cluster::State::removed, before, {}).run({});
}

}  // namespace meshfed::diff

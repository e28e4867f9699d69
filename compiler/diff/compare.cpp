#include "diff/compare.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/text.hpp"
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

class ClusterComparer {
 public:
  ClusterComparer(std::string name, Cluster::State state, std::vector<Planned> planned) : planned_(std::move(planned)) {
    found_.cluster.name = std::move(name);
    found_.cluster.state = state;
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      by_id_.emplace(planned_[i].id, i);
      by_text_.emplace(planned_[i].text, i);
    }
  }

  ClusterChanges run(const std::vector<Manifest>& before) {
    for (const Manifest& manifest : before) {
      if (!is_as_planned(manifest)) read(manifest);
    }
    for (const Planned& planned : planned_)
      if (!homes_.contains(planned.id)) add(planned);
    find_hosts();
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
      const std::optional<std::string> id = map ? id_of(*map) : std::nullopt;
      if (!id) return refuse(manifest.path, "document " + std::to_string(number) + " has no kind or no name");
      if (settle(*id, manifest.path)) compare_object(*id, *map);
    }
  }

  // False if the object was met before.
  bool settle(const std::string& id, const std::string& path) {
    const auto [home, first] = homes_.emplace(id, path);
    if (!first) refuse(path, base::quoted(id) + " is also in " + base::quoted(home->second));
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
    found_.changes.push_back({Action::change, id, after, std::move(fields)});
  }

  void add(const Planned& planned) {
    ++found_.cluster.add;
    found_.changes.push_back({Action::add, planned.id, planned.document});
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

  void refuse(const std::string& path, std::string why) { found_.unreadable.push_back({path, std::move(why)}); }

  ClusterChanges found_;
  std::vector<Planned> planned_;
  std::unordered_map<std::string_view, std::size_t> by_id_, by_text_;
  std::map<std::string, std::string> homes_;  // what was published: id to path
};

}  // namespace

ClusterChanges compare(const std::vector<Manifest>& before, const k8s::ClusterPlan& after, bool published) {
  const Cluster::State state = published ? Cluster::State::kept : Cluster::State::added;
  return ClusterComparer(after.cluster, state, planned_objects(after)).run(before);
}

ClusterChanges retire(const std::string& cluster, const std::vector<Manifest>& before) {
  return ClusterComparer(cluster, Cluster::State::removed, {}).run(before);
}

}  // namespace meshfed::diff

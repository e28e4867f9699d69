#include "discover/objects.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace meshfed::discover {
namespace {

using source::FileId;
using source::Span;
using yaml::Node;

constexpr std::size_t kNowhere = std::string_view::npos;

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

/// The pod template of an object; a pod is its own. Null if it has none.
const Node* template_of(const Node& object, std::string_view kind) {
  if (kind == "Pod") return &object;
  const Node* found = find_at(object, {"spec", kind == "CronJob" ? "jobTemplate" : "template"});
  if (found && kind == "CronJob") found = find_at(*found, {"spec", "template"});
  const Node* containers = found ? find_at(*found, {"spec", "containers"}) : nullptr;
  return containers && containers->is(Node::Kind::list) ? found : nullptr;
}

void add_ports(const Node* containers, Workload& workload) {
  if (!containers) return;
  for (const Node& container : containers->items) {
    const Node* ports = container.find("ports");
    if (!ports || !ports->is(Node::Kind::list)) continue;
    for (const Node& port : ports->items) {
      const std::string_view name = text_of(port.find("name"));
      const Node* number = port.find("containerPort");
      const bool sound = number && number->is(Node::Kind::integer) && number->integer > 0 && number->integer <= 65535;
      if (!name.empty() && sound) workload.ports.emplace_back(name, static_cast<int>(number->integer));
    }
  }
}

Workload read_workload(FileId file, const Node& object, const Node& pod) {
  Workload workload;
  workload.ns = text_of(find_at(object, {"metadata", "namespace"}));
  if (const Node* labels = find_at(pod, {"metadata", "labels"})) {
    for (const Node& label : labels->items) workload.labels.emplace_back(label.key, label.text);
  }
  const Node* account = find_at(pod, {"spec", "serviceAccountName"});
  if (!account) account = find_at(pod, {"spec", "serviceAccount"});
  const Node* name = find_at(object, {"metadata", "name"});
  if (!text_of(account).empty())
    workload.account = {std::string(text_of(account)), span_of(file, *account)};
  else
    workload.account = {"default", span_of(file, name ? *name : object)};
  add_ports(find_at(pod, {"spec", "containers"}), workload);
  add_ports(find_at(pod, {"spec", "initContainers"}), workload);
  return workload;
}

void take_object(FileId file, Node& object, Objects& objects) {
  const std::string kind(text_of(object.find("kind")));
  if (kind.ends_with("List")) {
    for (Node& item : object.items) {
      if (item.key != "items" || !item.is(Node::Kind::list)) continue;
      for (Node& one : item.items) take_object(file, one, objects);
    }
  } else if (kind == "Service") {
    if (text_of(object.find("apiVersion")) == "v1") objects.services.push_back({file, std::move(object)});
  } else if (const Node* pod = template_of(object, kind)) {
    objects.workloads.push_back(read_workload(file, object, *pod));
  }
}

/// MF0490, MF0491: what is not YAML, and why it may not be.
void report_unreadable(std::string_view text, FileId file, const yaml::Tree& tree, diag::Sink& sink) {
  if (const auto found = template_in(text)) {
    const auto [begin, end] = *found;
    sink.report(Span{file, narrow(begin), narrow(end)}, diag::ManifestTemplate, text.substr(begin, end - begin));
    return;
  }
  const std::uint32_t end = narrow(std::min<std::size_t>(tree.begin + 1, text.size()));
  sink.report(Span{file, std::min(tree.begin, end), end}, diag::InvalidManifest, tree.problem);
}

}  // namespace

Span span_of(FileId file, const Node& node) { return {file, node.begin, node.end}; }

const Node* find_at(const Node& node, std::initializer_list<std::string_view> path) {
  const Node* found = &node;
  for (const std::string_view key : path) {
    if (found) found = found->find(key);
  }
  return found;
}

std::string_view text_of(const Node* node) {
  return node && node->is(Node::Kind::string) ? std::string_view(node->text) : std::string_view();
}

std::optional<std::pair<std::size_t, std::size_t>> template_in(std::string_view text, std::size_t from) {
  const std::size_t begin = text.find("{{", from);
  if (begin == kNowhere) return std::nullopt;
  const std::size_t line = std::min(text.find_first_of("\r\n", begin), text.size());
  const std::size_t close = text.find("}}", begin);
  return std::pair{begin, close == kNowhere || close + 2 > line ? line : close + 2};
}

Objects read_objects(const source::Manager& files, FileId file, diag::Sink& sink) {
  Objects objects;
  const std::string_view text = files.text(file);
  yaml::Tree tree = yaml::read_tree(text);
  if (!tree.problem.empty()) {
    report_unreadable(text, file, tree, sink);
    objects.readable = false;
    return objects;
  }
  for (Node& document : tree.documents) take_object(file, document, objects);
  return objects;
}

}  // namespace meshfed::discover

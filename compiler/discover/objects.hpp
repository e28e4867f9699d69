// What one manifest says: its Services as they are written, and the workloads that could be behind them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "model/value.hpp"
#include "source/manager.hpp"
#include "yaml/tree.hpp"

namespace meshfed::discover {

/// A Service of core/v1. Its values are read once it is clear that it becomes an export: nobody is told about others.
struct Service {
  source::FileId file = 0;
  yaml::Node node;
};

/// Anything with a pod template, or a pod.
struct Workload {
  std::string ns;                                           // empty: it does not say
  std::vector<std::pair<std::string, std::string>> labels;  // of its pods
  model::Name account;
  std::vector<std::pair<std::string, int>> ports;  // named ports of its containers
};

struct Objects {
  std::vector<Service> services;
  std::vector<Workload> workloads;
  bool readable = true;
};

/// The objects of a file, lists of objects taken apart; other kinds are left out. What is not YAML is reported.
Objects read_objects(const source::Manager& files, source::FileId file, diag::Sink& sink);

/// The bytes of a node.
source::Span span_of(source::FileId file, const yaml::Node& node);
/// What stands at a path of keys; null if nothing does.
const yaml::Node* find_at(const yaml::Node& node, std::initializer_list<std::string_view> path);
/// The text of a string; empty for all else.
std::string_view text_of(const yaml::Node* node);

/// `{{ … }}` in a text: where it begins and ends.
std::optional<std::pair<std::size_t, std::size_t>> template_in(std::string_view text, std::size_t from = 0);

}  // namespace meshfed::discover

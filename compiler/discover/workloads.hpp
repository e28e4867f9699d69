// Which workloads are behind a Service.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "discover/objects.hpp"

namespace meshfed::discover {

/// What is known about the pods that a selector selects.
struct Pods {
  std::vector<model::Name> accounts;                             // each once, by name
  std::map<std::string, std::optional<int>, std::less<>> ports;  // by name; none where workloads differ
  bool any = false;
};

/// Finds workloads by namespace and labels. A selector that was asked for is not looked up again.
class Workloads {
 public:
  /// `ns` is the namespace of those that do not say any; the workloads outlive this.
  Workloads(const std::vector<const Objects*>& objects, const std::string& ns);

  /// The pods in a namespace that have all of the labels, which are in the order of their keys and not empty.
  const Pods& behind(const std::string& ns, const model::Labels& selector);

 private:
  using Label = std::pair<std::string, std::string>;

  std::map<std::pair<std::string, Label>, std::vector<const Workload*>> by_label_;
  std::map<std::pair<std::string, std::vector<Label>>, Pods> known_;
};

}  // namespace meshfed::discover

#include "discover/workloads.hpp"

#include <algorithm>

namespace meshfed::discover {
namespace {

bool has(const Workload& workload, const std::pair<std::string, std::string>& label) {
  return std::find(workload.labels.begin(), workload.labels.end(), label) != workload.labels.end();
}

void add(const Workload& workload, std::map<std::string, model::Name>& accounts, Pods& pods) {
  pods.any = true;
  const auto [known, fresh] = accounts.try_emplace(*workload.account, workload.account);
  if (!fresh && source::before(workload.account.span, known->second.span)) known->second = workload.account;
  for (const auto& [name, number] : workload.ports) {
    const auto [port, is_new] = pods.ports.try_emplace(name, number);
    if (!is_new && port->second != number) port->second.reset();
  }
}

}  // namespace

Workloads::Workloads(const std::vector<const Objects*>& objects, const std::string& ns) {
  for (const Objects* one : objects) {
    for (const Workload& workload : one->workloads) {
      for (const auto& label : workload.labels)
        by_label_[{workload.ns.empty() ? ns : workload.ns, label}].push_back(&workload);
    }
  }
}

const Pods& Workloads::behind(const std::string& ns, const model::Labels& selector) {
  std::vector<Label> labels;
  for (const auto& [key, value] : *selector) labels.emplace_back(*key, *value);
  const auto [known, fresh] = known_.try_emplace({ns, labels});
  Pods& pods = known->second;
  if (!fresh) return pods;
  const std::vector<const Workload*>* fewest = nullptr;
  for (const Label& label : labels) {
    const auto found = by_label_.find({ns, label});
    if (found == by_label_.end()) return pods;
    if (!fewest || found->second.size() < fewest->size()) fewest = &found->second;
  }
  if (!fewest) return pods;
  std::map<std::string, model::Name> accounts;
  for (const Workload* workload : *fewest) {
    if (std::all_of(labels.begin(), labels.end(), [&](const Label& label) { return has(*workload, label); }))
      add(*workload, accounts, pods);
  }
  for (auto& [name, account] : accounts) pods.accounts.push_back(std::move(account));
  return pods;
}

}  // namespace meshfed::discover

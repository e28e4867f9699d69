// Which clusters a job is about: those that are declared, and those that once were; and the work on them, in parallel.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fs.hpp"
#include "base/pool.hpp"
#include "check/checked.hpp"
#include "driver/compile.hpp"
#include "driver/job.hpp"
#include "driver/part.hpp"
#include "publish/problem.hpp"

namespace meshfed::driver {

/// What is done to one tree. The federation outlives the scope.
struct Scope {
  const check::Checked& checked;
  Part part;
  std::vector<model::ClusterId> clusters;  // that have a directory in it
  std::string out;                         // the output directory of this part
  std::string owner;                       // whom its locks name
  bool retire = false;                     // the clusters are all that have one: what else stands there is to go
  unsigned jobs = 1;                       // so many are worked on at once

  const model::ResolvedFederation& resolved() const { return checked.resolved(); }
  const std::string& federation() const { return resolved().federation.name.value; }
};

/// The trees of these clusters; `out` is the federation's. Where nobody asks for the second, there may still be one to
/// be retired. Reports if it would have no name.
std::vector<Scope> scopes_of(const Job& job, const check::Checked& checked,
                             const std::vector<model::ClusterId>& clusters, const std::string& out, bool retire,
                             unsigned jobs);

/// There is nothing to be done, and no directory to be made for it. `tree` holds the directory.
bool is_idle(base::Fs& tree, const Scope& scope);

struct Target {
  std::string cluster;
  std::optional<model::ClusterId> id;  // none: not declared any more
  bool is_new = false;                 // nothing in the output directory has its name
};

/// The clusters of the scope, and with `retire` those in its directory that are the federation's and not declared any
/// more, in byte order of their names. `tree` holds the directory; if that cannot be listed, that is reported.
std::vector<Target> find_targets(const Job& job, base::Fs& tree, const Scope& scope);

/// Reports what keeps a cluster's directory from being read.
void report_unreadable(const Job& job, const Scope& scope, const std::vector<publish::Problem>& problems);

/// An Item for each target, which is its `target`, worked on in parallel. Then the `problems` of all are reported, in
/// order.
template <class Item>
std::vector<Item> work_on_targets(const Job& job, base::Fs& tree, const Scope& scope,
                                  const std::function<void(Item&)>& work) {
  std::vector<Item> items;
  for (Target& target : find_targets(job, tree, scope)) items.emplace_back().target = std::move(target);
  base::for_each_index(items.size(), scope.jobs, [&](std::size_t i) { work(items[i]); });
  for (const Item& item : items) report_unreadable(job, scope, item.problems);
  return items;
}

}  // namespace meshfed::driver

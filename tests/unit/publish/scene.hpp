// What the publish tests share: a small tree of one cluster, published into `out` of a MemoryFs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emit/tree.hpp"
#include "publish/inspect.hpp"
#include "publish/output.hpp"
#include "publish/prepare.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Names = std::vector<std::string>;

inline void add_host(emit::Tree& tree, const std::string& path, const std::string& bytes) {
  tree.add(path, emit::content_of(bytes, {"ServiceEntry.networking.istio.io/" + path}));
}

inline void add_list(emit::Tree& tree, const std::string& path, const std::string& bytes) {
  tree.add(path, emit::content_of(bytes, {}), true);
}

// Two namespaces with a host each and their kustomizations.
inline emit::Tree sample(const std::string& host_a = "host a\n") {
  emit::Tree tree("east");
  add_host(tree, "a/a.mesh.global.yaml", host_a);
  add_list(tree, "a/kustomization.yaml", "list a\n");
  add_host(tree, "b/b.mesh.global.yaml", "host b\n");
  add_list(tree, "b/kustomization.yaml", "list b\n");
  add_list(tree, "kustomization.yaml", "list all\n");
  return tree;
}

// The same without namespace b.
inline emit::Tree smaller() {
  emit::Tree tree("east");
  add_host(tree, "a/a.mesh.global.yaml", "host a\n");
  add_list(tree, "a/kustomization.yaml", "list a\n");
  add_list(tree, "kustomization.yaml", "list only a\n");
  return tree;
}

inline publish::Inspection look(base::Fs& fs, const emit::Tree& tree, bool force = false,
                                const std::string& out = "out") {
  return publish::inspect(fs, out, "demo", tree, {.force = force});
}

// A build of one cluster.
struct Outcome {
  publish::Summary summary = {};                // as inspected
  std::vector<publish::Problem> problems = {};  // of the inspection, else the one that ended the work
  publish::Prepared prepared = {};

  bool ok() const { return problems.empty(); }
};

inline Outcome put_out(base::Fs& fs, const emit::Tree& tree, const publish::Inspection& found,
                       const std::string& out = "out") {
  if (!found.problems.empty()) return {.problems = found.problems};
  const publish::Listing listing = publish::list_output(fs, out);
  const bool is_new = !found.retire && !listing.problem && listing.lacks(tree.cluster);
  std::vector<publish::Prepared> prepared;
  prepared.push_back(is_new ? publish::prepare_new(fs, out, "demo", tree)
                            : publish::prepare(fs, out, "demo", tree, found));
  publish::finish(fs, out, prepared);
  Outcome done{.summary = found.summary, .prepared = prepared.front()};
  if (done.prepared.problem) done.problems.push_back(*done.prepared.problem);
  return done;
}

inline Outcome put_out(base::Fs& fs, const emit::Tree& tree, bool force = false, const std::string& out = "out") {
  publish::remove_leftover_directories(fs, out);
  return put_out(fs, tree, look(fs, tree, force, out), out);
}

// A file system on which `tree` is published, with nothing recorded.
inline void publish_first(MemoryFs& fs, const emit::Tree& tree = sample()) {
  fs.put_directory("out");
  put_out(fs, tree);
  fs.forget();
}

// "kind path [detail]" of each problem.
inline Names words(const std::vector<publish::Problem>& problems) {
  static constexpr const char* kKinds[] = {"edited",
                                           "foreign",
                                           "type",
                                           "link",
                                           "case",
                                           "path",
                                           "other",
                                           "bad lock",
                                           "newer",
                                           "locked",
                                           "changed",
                                           "io",
                                           "foreign without a lock",
                                           "stand-in"};
  Names out;
  for (const publish::Problem& problem : problems) {
    out.push_back(std::string(kKinds[static_cast<std::size_t>(problem.kind)]) + " " + problem.path +
                  (problem.detail.empty() ? "" : " [" + problem.detail + "]"));
  }
  return out;
}

}  // namespace meshfed::testing

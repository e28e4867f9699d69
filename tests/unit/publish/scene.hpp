// What the publish tests share: a small tree of one cluster, published into `out` of a MemoryFs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emit/tree.hpp"
#include "publish/apply.hpp"
#include "publish/inspect.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Names = std::vector<std::string>;

inline emit::OutputFile host_file(const std::string& path, const std::string& bytes) {
  return {path, bytes, {"ServiceEntry.networking.istio.io/" + path}, false};
}

// Two namespaces with a host each and their kustomizations.
inline emit::Tree sample() {
  return {"east",
          {host_file("a/a.mesh.global.yaml", "host a\n"),
           {"a/kustomization.yaml", "list a\n", {}, true},
           host_file("b/b.mesh.global.yaml", "host b\n"),
           {"b/kustomization.yaml", "list b\n", {}, true},
           {"kustomization.yaml", "list all\n", {}, true}}};
}

// The same without namespace b.
inline emit::Tree smaller() {
  return {"east",
          {host_file("a/a.mesh.global.yaml", "host a\n"),
           {"a/kustomization.yaml", "list a\n", {}, true},
           {"kustomization.yaml", "list only a\n", {}, true}}};
}

inline publish::Inspection look(base::Fs& fs, const emit::Tree& tree, bool force = false,
                                const std::string& out = "out") {
  return publish::inspect(fs, out, "demo", tree, {force});
}

inline publish::Outcome put_out(base::Fs& fs, const emit::Tree& tree, bool force = false,
                                const std::string& out = "out") {
  return publish::apply(fs, out, "demo", tree, look(fs, tree, force, out));
}

// A file system on which `tree` is published, with nothing recorded.
inline void publish_first(MemoryFs& fs, const emit::Tree& tree = sample()) {
  fs.put_directory("out");
  put_out(fs, tree);
  fs.forget();
}

// "kind path [detail]" of each problem.
inline Names words(const std::vector<publish::Problem>& problems) {
  static constexpr const char* kKinds[] = {"edited", "foreign",  "type",  "link",   "case",    "path",
                                           "other",  "bad lock", "newer", "locked", "changed", "io"};
  Names out;
  for (const publish::Problem& problem : problems) {
    out.push_back(std::string(kKinds[static_cast<std::size_t>(problem.kind)]) + " " + problem.path +
                  (problem.detail.empty() ? "" : " [" + problem.detail + "]"));
  }
  return out;
}

}  // namespace meshfed::testing

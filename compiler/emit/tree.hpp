// The files of one cluster as bytes: what is published, compared and traced. Knows no disk and no Kubernetes.
#pragma once

#include <string>
#include <vector>

namespace meshfed::emit {

struct OutputFile {
  std::string path;  // relative to the cluster's directory, `/` between its parts
  std::string bytes;
  std::vector<std::string> object_ids = {};  // of its documents, in their order; see k8s::object_id
  bool lists_files = false;                  // a kustomization.yaml: to be written after the files that it names

  bool operator==(const OutputFile&) const = default;
};

struct Tree {
  std::string cluster;
  std::vector<OutputFile> files;  // in byte order of their paths, which differ from each other

  bool operator==(const Tree&) const = default;
};

}  // namespace meshfed::emit

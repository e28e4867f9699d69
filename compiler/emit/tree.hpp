// The files of one cluster as bytes: what is published, compared and traced. Knows no disk and no Kubernetes.
#pragma once

#include <deque>
#include <string>
#include <vector>

namespace meshfed::emit {

// What a file holds, with what is worked out from it once, however many files hold it.
struct Content {
  std::string bytes;
  std::string sha256;                   // of `bytes`, 64 lower-case hexadecimal digits
  std::vector<std::string> object_ids;  // of its documents, in their order; see k8s::object_id
  std::string line_codes;               // of `bytes`; see base::line_codes

  bool operator==(const Content&) const = default;
};

// The digest and the codes are computed here.
Content content_of(std::string bytes, std::vector<std::string> object_ids);

struct OutputFile {
  std::string path;          // relative to the cluster's directory, `/` between its parts
  const Content* content;    // never null; the same pointer is the same content, a different one may be
  bool lists_files = false;  // a kustomization.yaml: to be written after the files that it names

  bool operator==(const OutputFile& other) const {
    return path == other.path && *content == *other.content && lists_files == other.lists_files;
  }
};

// Move-only, because files point into it.
struct Tree {
  std::string cluster;
  std::vector<OutputFile> files;  // in byte order of their paths, which differ from each other
  std::deque<Content> own;        // contents that are this cluster's alone; all others outlive the tree elsewhere

  explicit Tree(std::string name = {}) : cluster(std::move(name)) {}
  Tree(Tree&&) = default;
  Tree& operator=(Tree&&) = default;

  // Appends a file with a content of the tree's own.
  void add(std::string path, Content content, bool lists_files = false);

  bool operator==(const Tree& other) const { return cluster == other.cluster && files == other.files; }
};

}  // namespace meshfed::emit

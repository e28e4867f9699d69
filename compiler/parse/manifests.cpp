#include "parse/manifests.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "base/glob.hpp"
#include "base/path.hpp"
#include "parse/load.hpp"

namespace meshfed::parse {
namespace {

using base::FileKind;
using model::Name;

constexpr std::string_view kAnyDepth = "**";
constexpr std::string_view kWritten = ".meshfedc.lock";  // in directories that meshfedc wrote

bool is_wild(std::string_view part) { return part.find('*') != std::string_view::npos; }

bool is_named_as_manifest(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

/// `a/**` means the files below `a`, and `**` twice in a row no more than once.
std::vector<std::string> components(const std::string& pattern) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    std::string part = pattern.substr(begin, end - begin);
    const bool again = part == kAnyDepth && !parts.empty() && parts.back() == kAnyDepth;
    if (!part.empty() && part != "." && !again) parts.push_back(std::move(part));
    begin = end + 1;
  }
  if (!parts.empty() && parts.back() == kAnyDepth) parts.emplace_back("*");
  return parts;
}

/// What a pattern may not contain; empty: nothing.
std::string_view misunderstood(const std::string& pattern) {
  const std::size_t bad = pattern.find_first_of("?[]{}\\");
  if (bad != std::string::npos) return std::string_view(pattern).substr(bad, 1);
  for (const std::string& part : components(pattern)) {
    if (part != kAnyDepth && part.find(kAnyDepth) != std::string::npos) return kAnyDepth;
  }
  return {};
}

/// Matches one pattern after another.
class Walker {
 public:
  Walker(base::Fs& fs, const std::string& entry, diag::Sink& sink)
      : fs_(fs),
        sink_(sink),
        root_(base::directory_of(entry)),
        shown_root_(entry.substr(0, entry.rfind('/') + 1)),
        canonical_root_(fs.canonical(root_).value),
        canonical_main_(fs.canonical(entry).value) {}

  /// Adds the files to `found`, by path; false if something is wrong with the pattern.
  bool add(const Name& pattern, std::map<std::string, ManifestFile>& found) {
    const std::string_view bad = misunderstood(*pattern);
    if (!bad.empty()) {
      sink_.report(pattern.span, diag::BadManifestPattern, *pattern, bad);
      return false;
    }
    parts_ = components(*pattern);
    if (pattern->starts_with('/') || std::find(parts_.begin(), parts_.end(), "..") != parts_.end()) {
      sink_.report(pattern.span, diag::ManifestsOutside, *pattern);
      return false;
    }
    pattern_ = &pattern;
    found_ = &found;
    visited_.clear();
    sound_ = true;
    matches_ = 0;
    expand("", 0);
    if (matches_ == 0 && sound_) {
      sink_.report(pattern.span, diag::ManifestsMatchNothing, *pattern);
      return false;
    }
    return sound_;
  }

 private:
  std::string path_of(const std::string& relative) const {
    return relative.empty() ? root_ : base::below(root_, relative);
  }

  bool holds(const std::string& canonical) const {
    return canonical.starts_with(canonical_root_.ends_with('/') ? canonical_root_ : canonical_root_ + "/");
  }

  void expand(const std::string& relative, std::size_t index) {
    // `a/**/b/**` comes to one place by several ways.
    if (!visited_.emplace(relative, index).second) return;
    if (index == parts_.size()) return match(relative);
    if (index > 0 && leads_out(relative)) return outside();
    const std::string& part = parts_[index];
    if (!is_wild(part)) {
      const std::string next = base::below(relative, part);
      if (fs_.stat(path_of(next)).value.kind != FileKind::missing) expand(next, index + 1);
      return;
    }
    const auto names = fs_.list_directory(path_of(relative));
    if (std::binary_search(names.value.begin(), names.value.end(), kWritten)) return;
    if (part == kAnyDepth) expand(relative, index + 1);
    for (const std::string& name : names.value) {
      const std::string next = base::below(relative, name);
      if (part != kAnyDepth && base::glob_matches(part, name))
        expand(next, index + 1);
      else if (part == kAnyDepth && !name.starts_with('.') && fs_.stat(path_of(next)).value.kind == FileKind::directory)
        expand(next, index);
    }
  }

  bool leads_out(const std::string& relative) {
    const auto canonical = fs_.canonical(path_of(relative));
    return canonical.ok() && canonical.value != canonical_root_ && !holds(canonical.value);
  }

  void outside() {
    sound_ = false;
    sink_.report(pattern_->span, diag::ManifestsOutside, **pattern_);
  }

  void match(const std::string& relative) {
    const bool swept_up = is_wild(parts_.back());
    if (relative.empty() || (swept_up && !is_named_as_manifest(relative))) return;
    const std::string shown = shown_root_ + relative;
    const auto canonical = fs_.canonical(path_of(relative));
    if (!canonical.ok()) {
      ++matches_;
      sound_ = false;
      sink_.report(pattern_->span, diag::CannotRead, shown, std::strerror(canonical.error));
      return;
    }
    if (canonical.value == canonical_main_ && swept_up) return;
    if (!holds(canonical.value)) return outside();
    const FileKind kind = fs_.stat(canonical.value).value.kind;
    if (kind == FileKind::directory && swept_up) return;
    ++matches_;
    if (kind != FileKind::file) {
      sound_ = false;
      diag::Report& report = sink_.report(pattern_->span, diag::IncludeNotAFile, shown,
                                          kind == FileKind::directory ? "a directory" : "a pipe or device");
      report.advise(kind == FileKind::directory ? "add `/**` for the files below it" : "name regular files only");
      return;
    }
    found_->try_emplace(relative, ManifestFile{shown, canonical.value, pattern_->span});
  }

  base::Fs& fs_;
  diag::Sink& sink_;
  std::string root_;
  std::string shown_root_;  // what messages put before a relative path
  std::string canonical_root_;
  std::string canonical_main_;
  const Name* pattern_ = nullptr;
  std::vector<std::string> parts_;
  std::map<std::string, ManifestFile>* found_ = nullptr;
  std::set<std::pair<std::string, std::size_t>> visited_;
  std::size_t matches_ = 0;
  bool sound_ = true;
};

}  // namespace

Manifests find_manifests(base::Fs& fs, const std::string& entry, const std::vector<model::Discovery>& tables,
                         diag::Sink& sink) {
  Manifests manifests;
  Walker walker(fs, entry, sink);
  std::map<std::string, ManifestFile> all;  // by relative path
  std::vector<std::map<std::string, ManifestFile>> own(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    bool complete = tables[i].manifests.usable();
    for (const Name& pattern : *tables[i].manifests) complete &= pattern.given() && walker.add(pattern, own[i]);
    manifests.complete.push_back(complete);
    all.insert(own[i].begin(), own[i].end());
  }
  // Of several names of a file, the first counts.
  std::map<std::string_view, std::size_t> index;  // by canonical path
  for (const auto& [relative, file] : all) {
    if (index.try_emplace(file.canonical, manifests.files.size()).second) manifests.files.push_back(file);
  }
  for (const auto& files : own) {
    std::set<std::size_t> indexes;
    for (const auto& [relative, file] : files) indexes.insert(index.at(file.canonical));
    manifests.of.emplace_back(indexes.begin(), indexes.end());
  }
  return manifests;
}

}  // namespace meshfed::parse

#include "parse/include.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/glob.hpp"
#include "parse/load.hpp"

namespace meshfed::parse {
namespace {

using base::FileKind;
using model::Name;

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string joined(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

std::vector<std::string> components(const std::string& pattern) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= pattern.size()) {
    const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
    const std::string part = pattern.substr(begin, end - begin);
    if (!part.empty() && part != ".") parts.push_back(part);
    begin = end + 1;
  }
  return parts;
}

class Finder {
 public:
  Finder(base::Fs& fs, const std::string& entry, diag::Sink& sink)
      : fs_(fs), sink_(sink), root_(directory_of(entry)), shown_root_(entry.substr(0, entry.rfind('/') + 1)) {
    const auto root = fs_.canonical(root_);
    const auto main = fs_.canonical(entry);
    canonical_root_ = root.value;
    canonical_main_ = main.value;
  }

  void add(const Name& pattern) {
    const std::vector<std::string> parts = components(*pattern);
    const std::size_t bad = pattern->find_first_of("?[]{}\\");
    if (bad != std::string::npos || pattern->find("**") != std::string::npos) {
      sink_.report(pattern.span, diag::BadPattern, *pattern, bad == std::string::npos ? "**" : pattern->substr(bad, 1));
      return;
    }
    if (pattern->starts_with('/') || std::find(parts.begin(), parts.end(), "..") != parts.end()) {
      sink_.report(pattern.span, diag::IncludeEscapes, *pattern);
      return;
    }
    matches_ = 0;
    expand("", parts, 0, pattern);
    if (matches_ == 0) sink_.report(pattern.span, diag::IncludeMatchesNothing, *pattern);
  }

  std::vector<Fragment> finish() {
    const auto order = [](const Fragment& a, const Fragment& b) {
      return a.relative != b.relative ? a.relative < b.relative : source::before(a.include, b.include);
    };
    std::sort(found_.begin(), found_.end(), order);
    drop_repeated();
    if (found_.size() > kMaxFragments) {
      sink_.report(found_[kMaxFragments].include, diag::TooManyFragments, found_.size(), kMaxFragments);
      found_.resize(kMaxFragments);
    }
    return std::move(found_);
  }

 private:
  void expand(const std::string& relative, const std::vector<std::string>& parts, std::size_t index,
              const Name& pattern) {
    if (index == parts.size()) {
      match(relative, pattern);
      return;
    }
    if (index > 0 && leads_out(relative)) {
      ++matches_;
      sink_.report(pattern.span, diag::IncludeEscapes, *pattern);
      return;
    }
    const std::string& part = parts[index];
    if (part.find('*') == std::string::npos) {
      const std::string next = joined(relative, part);
      if (fs_.stat(joined(root_, next)).value.kind != FileKind::missing) expand(next, parts, index + 1, pattern);
      return;
    }
    const auto names = fs_.list_directory(relative.empty() ? root_ : joined(root_, relative));
    for (const std::string& name : names.value) {
      if (base::glob_matches(part, name)) expand(joined(relative, name), parts, index + 1, pattern);
    }
  }

  bool below_root(const std::string& canonical) const {
    return canonical.starts_with(canonical_root_.ends_with('/') ? canonical_root_ : canonical_root_ + "/");
  }

  // Of a directory on the way: nobody looks into what a link names elsewhere.
  bool leads_out(const std::string& relative) {
    const auto canonical = fs_.canonical(joined(root_, relative));
    return canonical.ok() && canonical.value != canonical_root_ && !below_root(canonical.value);
  }

  void match(const std::string& relative, const Name& pattern) {
    if (relative.empty()) return;
    ++matches_;
    const std::string shown = shown_root_ + relative;
    const auto canonical = fs_.canonical(joined(root_, relative));
    if (!canonical.ok()) {
      sink_.report(pattern.span, diag::CannotRead, shown, std::strerror(canonical.error));
      return;
    }
    if (canonical.value == canonical_main_) {
      // A pattern may sweep up the main file; naming it outright is a mistake.
      if (pattern->find('*') != std::string::npos)
        sink_.report(pattern.span, diag::IncludeMatchesMain, *pattern);
      else
        sink_.report(pattern.span, diag::IncludedTwice, shown);
      return;
    }
    if (!below_root(canonical.value)) {
      sink_.report(pattern.span, diag::IncludeEscapes, *pattern);
      return;
    }
    const FileKind kind = fs_.stat(canonical.value).value.kind;
    if (kind != FileKind::file) {
      sink_.report(pattern.span, diag::IncludeNotAFile, shown,
                   kind == FileKind::directory ? "a directory" : "a pipe or device");
      return;
    }
    found_.push_back({relative, shown, canonical.value, pattern.span});
  }

  void drop_repeated() {
    std::vector<std::size_t> order(found_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return found_[a].canonical < found_[b].canonical; });
    std::vector<bool> repeated(found_.size(), false);
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Fragment& again = found_[order[i]];
      if (again.canonical != found_[order[i - 1]].canonical) continue;
      repeated[order[i]] = true;
      sink_.report(again.include, diag::IncludedTwice, again.shown);
    }
    std::vector<Fragment> kept;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (!repeated[i]) kept.push_back(std::move(found_[i]));
    }
    found_ = std::move(kept);
  }

  base::Fs& fs_;
  diag::Sink& sink_;
  std::string root_;        // the main file's directory, to be opened
  std::string shown_root_;  // the same as the user wrote it, with its slash; empty for the working directory
  std::string canonical_root_;
  std::string canonical_main_;
  std::size_t matches_ = 0;
  std::vector<Fragment> found_;
};

}  // namespace

std::vector<Fragment> find_fragments(base::Fs& fs, const std::string& entry, const model::Names& include,
                                     diag::Sink& sink) {
  if (!include.given()) return {};
  Finder finder(fs, entry, sink);
  for (const Name& pattern : *include) {
    if (pattern.given()) finder.add(pattern);
  }
  return finder.finish();
}

}  // namespace meshfed::parse

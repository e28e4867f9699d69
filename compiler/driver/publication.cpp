#include "driver/publication.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/sorted.hpp"
#include "base/text.hpp"
#include "driver/git_rules.hpp"
#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::driver {
namespace {

using Action = std::pair<std::string, std::string_view>;  // path and verb

struct Verbs {
  std::string_view create, change, remove;
};

constexpr Verbs kDoing{"create", "change", "remove"};
constexpr Verbs kFinding{"missing", "different", "extra"};

// A lock alone may change, when somebody else's file turned out to be what we would have written.
std::vector<Action> actions_of(const std::string& cluster, const publish::Summary& summary, const Verbs& verbs) {
  std::vector<Action> actions;
  for (const std::string& path : summary.created) actions.emplace_back(path, verbs.create);
  for (const std::string& path : summary.changed) actions.emplace_back(path, verbs.change);
  for (const std::string& path : summary.removed) actions.emplace_back(path, verbs.remove);
  if (actions.empty() && summary.lock_changed)
    actions.emplace_back(publish::below(cluster, publish::kLockName), verbs.change);
  return actions;
}

std::string lines_of(std::vector<Action> actions, const std::string& out) {
  std::sort(actions.begin(), actions.end());
  std::string lines;
  for (const auto& [path, verb] : actions) {
    lines += fmt::format("{} {}\n", verb, base::escaped(publish::below(out, path)));
  }
  return lines;
}

std::string words_for_converted(const std::vector<publish::Summary>& summaries, const std::string& out) {
  std::size_t converted = 0;
  for (const publish::Summary& one : summaries) converted += one.converted.size();
  if (converted == 0) return "";
  return fmt::format(
      "{} CRLF line endings, as converted by Git at checkout: to keep LF, add the line `{}` to the .gitattributes "
      "beside `{}`",
      converted == 1 ? "one file had" : fmt::format("{} files had", converted), attributes_line(out), out);
}

/// A cluster is there once for each of its parts.
std::size_t number_of_different(std::vector<std::string> clusters) {
  base::sort_unique(clusters);
  return clusters.size();
}

}  // namespace

std::size_t differing_files(const publish::Summary& summary) {
  const std::size_t files = summary.created.size() + summary.changed.size() + summary.removed.size() +
                            summary.kept.size() + summary.executable.size();
  return files == 0 && summary.lock_changed ? 1 : files;
}

void drop_modes_without_meaning(const std::string& cluster, publish::Summary& summary) {
  std::vector<std::string>& executable = summary.executable;
  const std::string lock = publish::below(cluster, publish::kLockName);
  if (std::binary_search(executable.begin(), executable.end(), lock)) executable.clear();
}

std::vector<std::string> Publication::clusters_of(Part part) const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (parts[i] == part) found.push_back(clusters[i]);
  }
  return found;
}

bool Publication::changed() const {
  const auto moved = [](const publish::Totals& t) { return t.created + t.changed + t.removed > 0; };
  return std::any_of(totals.begin(), totals.end(), moved) ||
         std::any_of(summaries.begin(), summaries.end(), [](const publish::Summary& s) { return s.lock_changed; });
}

std::string Publication::summary(bool dry_run) const {
  std::size_t written = 0, unchanged = 0, removed = 0;
  for (const publish::Totals& one : totals) {
    written += one.created + one.changed;
    unchanged += one.unchanged;
    removed += one.removed;
  }
  return fmt::format("{} {}, {} unchanged, {} {} in {}", base::plural(written, "file"),
                     dry_run ? "to write" : "written", unchanged, removed, dry_run ? "to remove" : "removed",
                     base::plural(number_of_different(clusters), "cluster"));
}

std::string Publication::listing(const std::string& out) const {
  std::string lines;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    lines += lines_of(actions_of(clusters[i], summaries[i], kDoing), directory(parts[i], out));
  }
  return lines;
}

bool Publication::differs() const {
  return changed() || std::any_of(summaries.begin(), summaries.end(), [](const publish::Summary& s) {
           return !s.kept.empty() || !s.executable.empty() || !s.unlisted.empty();
         });
}

std::string Publication::differences(const std::string& out) const {
  std::string lines;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    std::vector<Action> found = actions_of(clusters[i], summaries[i], kFinding);
    for (const auto* extra : {&summaries[i].kept, &summaries[i].unlisted}) {
      for (const std::string& path : *extra) found.emplace_back(path, kFinding.remove);
    }
    for (const std::string& path : summaries[i].executable) found.emplace_back(path, "mode");
    lines += lines_of(std::move(found), directory(parts[i], out));
  }
  return lines;
}

std::string Publication::comparison(const std::string& out) const {
  std::size_t missing = 0, different = 0, extra = 0, edited = 0, executable = 0, same = 0, unlisted = 0;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const publish::Summary& one = summaries[i];
    missing += one.created.size();
    different += one.changed.size();
    if (one.lock_changed && one.created.empty() && one.changed.empty() && one.removed.empty()) ++different;
    extra += one.removed.size() + one.kept.size() + one.unlisted.size();
    unlisted += one.unlisted.size();
    edited += one.forced.size() + one.kept.size();
    executable += one.executable.size();
    same += one.unchanged;
  }
  const std::string where = base::plural(number_of_different(clusters), "cluster");
  if (!differs()) return fmt::format("{} in {}, all up to date", base::plural(same, "file"), where);
  std::vector<std::string> remedies;
  if (edited > 0) {
    remedies.push_back(fmt::format("{} edited by hand: review `git diff` before `meshfedc build --force`",
                                   edited == 1 ? "one was" : fmt::format("{} were", edited)));
  } else if (changed()) {
    remedies.emplace_back("run `meshfedc build`");
  }
  if (std::string converted = words_for_converted(summaries, out); !converted.empty())
    remedies.push_back(std::move(converted));
  if (unlisted > 0)
    remedies.push_back(fmt::format("{} meshfedc's labels and {} in no lock: remove what an earlier build left",
                                   unlisted == 1 ? "one carries" : fmt::format("{} carry", unlisted),
                                   unlisted == 1 ? "is" : "are"));
  if (executable > 0) remedies.emplace_back("remove the executable bit with `chmod a-x`");
  return fmt::format("{} missing, {} different, {} extra{} in {}: {}", missing, different, extra,
                     executable > 0 ? fmt::format(", {} executable", executable) : "", where,
                     fmt::join(remedies, "; "));
}

std::vector<std::string> Publication::remarks(const std::string& out, bool dry_run) const {
  std::vector<std::string> lines;
  if (std::string converted = words_for_converted(summaries, out); !converted.empty())
    lines.push_back(std::move(converted));
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const publish::Summary& one = summaries[i];
    const auto quoted = [&](const std::string& path) {
      return base::quoted(publish::below(directory(parts[i], out), path));
    };
    for (const std::string& path : one.forced) {
      lines.push_back(fmt::format("{} {}, which was edited or not written by meshfedc",
                                  dry_run ? "to overwrite:" : "overwrote", quoted(path)));
    }
    for (const std::string& path : one.merged)
      lines.push_back(
          fmt::format("{} {}, which Git had merged", dry_run ? "to write anew:" : "wrote anew", quoted(path)));
    for (const std::string& path : one.unlisted)
      lines.push_back(fmt::format("left alone: {}, which carries meshfedc's labels and is in no lock", quoted(path)));
    for (const std::string& path : one.kept) {
      lines.push_back(fmt::format("kept {}, which is obsolete but was edited", quoted(path)));
    }
  }
  return lines;
}

}  // namespace meshfed::driver

#include "driver/reach.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <utility>

#include "ask/facts_file.hpp"
#include "base/path.hpp"
#include "driver/analysis.hpp"
#include "driver/facts.hpp"
#include "driver/git_source.hpp"
#include "interpret/index.hpp"
#include "interpret/read.hpp"
#include "lower/lower.hpp"
#include "publish/read.hpp"
#include "yaml/reader.hpp"

namespace meshfed::driver {
namespace {

using Part = std::shared_ptr<const interpret::Objects>;

/// Objects as they are compiled. What clusters have in common is read once.
class Compiled {
 public:
  explicit Compiled(check::Checked checked) : checked_(std::move(checked)) {}

  const model::ResolvedFederation& resolved() const { return checked_.resolved(); }

  std::vector<Part> load(const std::string& name) {
    const model::ClusterId cluster = resolved().find_cluster(name);
    if (cluster == model::kNone) return {};
    std::deque<Part> had;  // in the order of their files
    const auto known = [&](std::string_view shared) {
      Part part = find(shared);
      if (part) had.push_back(part);
      return part != nullptr;
    };
    std::vector<Part> parts;
    auto own = std::make_shared<interpret::Objects>();
    for (const k8s::File& file : lower::lower(checked_, cluster, known).files) {
      if (file.shared.empty()) {
        add(file, *own);
      } else if (!file.resources.empty()) {
        parts.push_back(shared(file));
      } else {
        parts.push_back(std::move(had.front()));
        had.pop_front();
      }
    }
    parts.push_back(std::move(own));
    return parts;
  }

 private:
  static void add(const k8s::File& file, interpret::Objects& objects) {
    for (const k8s::Resource& resource : file.resources) {
      const yaml::Value document = k8s::document(resource);
      interpret::read(document, objects);
    }
  }

  Part find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = shared_.find(name);
    return found == shared_.end() ? nullptr : found->second;
  }

  Part shared(const k8s::File& file) {
    auto objects = std::make_shared<interpret::Objects>();
    add(file, *objects);
    const std::lock_guard lock(mutex_);
    return shared_.try_emplace(file.shared, std::move(objects)).first->second;
  }

  check::Checked checked_;
  std::mutex mutex_;
  interpret::ByName<Part> shared_;
};

/// Objects as they stand in a directory.
class Directory {
 public:
  struct Place {
    std::shared_ptr<base::Fs> fs;
    std::string root;
    std::string label = {};     // before paths that are reported: `main:`
    bool may_be_older = false;  // clusters may not have a directory yet
  };

  Directory(Place place, std::shared_ptr<Unread> unread) : place_(std::move(place)), unread_(std::move(unread)) {}

  std::vector<Part> load(const std::string& cluster) const {
    auto objects = std::make_shared<interpret::Objects>();
    if (!place_.may_be_older || has(cluster)) walk(base::below(place_.root, cluster), 0, *objects);
    return {std::move(objects)};
  }

  std::string name() const { return place_.label + place_.root; }
  bool has(const std::string& cluster) const {
    return place_.fs->stat(base::below(place_.root, cluster)).value.kind == base::FileKind::directory;
  }

 private:
  static constexpr int kMaxDepth = 32;

  static bool is_manifest(std::string_view name) {
    const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
    return yaml && !name.starts_with('.') && !name.starts_with("kustomization.");
  }

  void walk(const std::string& directory, int depth, interpret::Objects& objects) const {
    const base::Result<std::vector<std::string>> names = place_.fs->list_directory(directory);
    if (!names.ok()) return miss(directory, std::strerror(names.error), true);
    for (const std::string& name : names.value) {
      const std::string path = base::below(directory, name);
      const base::Result<base::Stat> there = place_.fs->stat(path);
      if (!there.ok()) miss(path, std::strerror(there.error), true);
      const base::FileKind kind = there.ok() ? there.value.kind : base::FileKind::missing;
      if (kind == base::FileKind::directory && !name.starts_with('.') && depth < kMaxDepth)
        walk(path, depth + 1, objects);
      if (kind == base::FileKind::file && is_manifest(name)) read(path, objects);
    }
  }

  void read(const std::string& path, interpret::Objects& objects) const {
    const base::Result<std::string> bytes = place_.fs->read_regular(path, publish::kMaxManifestBytes);
    if (!bytes.ok()) return miss(path, std::strerror(bytes.error), bytes.error != EFBIG);
    const yaml::Reading reading = yaml::read(bytes.value);
    if (!reading.problem.empty()) return miss(path, reading.problem, false);
    for (const yaml::Value& document : reading.documents) interpret::read(document, objects);
  }

  void miss(const std::string& path, std::string why, bool disk) const {
    unread_->add({place_.label + path, std::move(why), disk});
  }

  Place place_;
  std::shared_ptr<Unread> unread_;
};

std::optional<interpret::Facts> facts_in(const Job& job, const std::string& path) {
  const base::Result<std::string> bytes = job.fs.read_file(path, publish::kMaxManifestBytes);
  if (!bytes.ok()) {
    job.sink.report({}, diag::CannotRead, path, std::strerror(bytes.error));
    return std::nullopt;
  }
  const yaml::Reading reading = yaml::read(bytes.value);
  interpret::Facts facts;
  std::string problem = reading.problem;
  if (problem.empty() && reading.documents.size() != 1) problem = "there is not one document in it";
  if (problem.empty()) problem = ask::read_facts(reading.documents.front(), facts);
  if (problem.empty()) return facts;
  job.sink.report({}, diag::BadFacts, path, problem);
  return std::nullopt;
}

bool needs_source(const ReachOptions& options) { return options.out.empty() || options.facts.empty(); }

/// Null, and reported, if the source is invalid.
std::shared_ptr<Compiled> compile(const Job& job, const ReachOptions& options) {
  std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  return checked ? std::make_shared<Compiled>(std::move(*checked)) : nullptr;
}

/// `compiled` is null only where the source is not needed, `directory` where what is compiled counts.
Reach made_of(const Job& job, const ReachOptions& options, const std::shared_ptr<Compiled>& compiled,
              const std::shared_ptr<Directory>& directory, std::shared_ptr<Unread> unread) {
  Reach reach{.world = nullptr, .unread = std::move(unread)};
  std::optional<interpret::Facts> facts =
      options.facts.empty() ? facts_of(compiled->resolved()) : facts_in(job, options.facts);
  if (!facts) return reach;
  interpret::Load load = [compiled](const std::string& cluster) { return compiled->load(cluster); };
  if (directory) load = [directory](const std::string& cluster) { return directory->load(cluster); };
  reach.world = std::make_unique<interpret::World>(std::move(*facts), std::move(load));
  return reach;
}

/// Whoever asks outlives what it is given.
std::shared_ptr<base::Fs> lent(base::Fs& fs) { return {std::shared_ptr<void>(), &fs}; }

Reach none(std::shared_ptr<Unread> unread = nullptr) { return {.world = nullptr, .unread = std::move(unread)}; }

/// Clusters may be newer than a tree, but not all of them: where there is nothing of any, somebody looks in the wrong
/// place, or the tree is ignored by Git.
Reach with_trees(const Job& job, const Directory& directory, Reach reach) {
  if (!reach.world) return reach;
  const auto& clusters = reach.world->clusters();
  const bool any = std::any_of(clusters.begin(), clusters.end(),
                               [&](const interpret::ClusterFacts& cluster) { return directory.has(cluster.name); });
  if (any) return reach;
  job.sink.report({}, diag::CannotRead, directory.name(), "it has no directory of any cluster");
  return none();
}

/// What is wrong with the source was said when the options opened.
Reach open_directory(const Job& job, const ReachOptions& options, const std::string& root) {
  const auto unread = std::make_shared<Unread>();
  const auto directory = std::make_shared<Directory>(Directory::Place{lent(job.fs), root, "", true}, unread);
  source::Manager files;
  diag::Sink sink;
  const Job quiet{job.fs, files, sink, job.trace, nullptr, job.at};
  const std::shared_ptr<Compiled> compiled = options.facts.empty() ? compile(quiet, options) : nullptr;
  if (options.facts.empty() && !compiled) return none();
  return with_trees(job, *directory, made_of(job, options, compiled, directory, unread));
}

/// What is wrong with an old federation is its own business; that it is wrong is ours.
std::shared_ptr<Compiled> compile_at(const Job& job, const ReachOptions& options, const std::string& revision,
                                     base::Fs& git) {
  source::Manager files;
  diag::Sink sink;
  std::shared_ptr<Compiled> compiled = compile({git, files, sink, job.trace, nullptr, job.at}, options);
  if (compiled) return compiled;
  const auto first = std::find_if(sink.reports().begin(), sink.reports().end(), [](const diag::Report& report) {
    return report.row->severity == diag::Severity::error;
  });
  job.sink.report({}, diag::InvalidRevision, revision, first == sink.reports().end() ? "" : first->message);
  return nullptr;
}

}  // namespace

void Unread::add(Problem problem) {
  const std::lock_guard lock(mutex_);
  problems_.push_back(std::move(problem));
}

void Unread::report(const Job& job) {
  const std::lock_guard lock(mutex_);
  std::sort(problems_.begin(), problems_.end());
  for (const Problem& one : problems_) {
    if (one.disk)
      job.sink.report({}, diag::CannotRead, one.path, one.why);
    else
      job.sink.report({}, diag::BadManifest, one.path, one.why);
  }
}

std::optional<interpret::Facts> read_facts(const Job& job, const ReachOptions& options) {
  if (!options.facts.empty()) return facts_in(job, options.facts);
  const std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
  return checked ? std::optional(facts_of(checked->resolved())) : std::nullopt;
}

Reach open_reach(const Job& job, const ReachOptions& options) {
  const auto unread = std::make_shared<Unread>();
  const std::shared_ptr<Compiled> compiled = needs_source(options) ? compile(job, options) : nullptr;
  if (needs_source(options) && !compiled) return none(unread);
  std::shared_ptr<Directory> directory;
  if (!options.out.empty())
    directory = std::make_shared<Directory>(Directory::Place{lent(job.fs), options.out}, unread);
  return made_of(job, options, compiled, directory, unread);
}

Reach open_reach_at(const Job& job, const ReachOptions& options, const std::string& against,
                    const git::Environment& environment) {
  if (job.fs.stat(against).value.kind == base::FileKind::directory) return open_directory(job, options, against);
  const std::shared_ptr<git::SnapshotFs> git = open_git(job, environment, options.file, against);
  if (!git) return none();
  const auto unread = std::make_shared<Unread>();
  std::shared_ptr<Compiled> compiled;
  if (needs_source(options)) {
    if (git->stat(options.file).value.kind == base::FileKind::missing) {
      const auto nothing = [](const std::string&) { return interpret::Parts(); };
      return {.world = std::make_unique<interpret::World>(interpret::Facts(), nothing), .unread = unread};
    }
    compiled = compile_at(job, options, against, *git);
    if (!compiled) return none();
  }
  if (options.out.empty()) return made_of(job, options, compiled, nullptr, unread);
  const auto directory = std::make_shared<Directory>(Directory::Place{git, options.out, against + ":", true}, unread);
  return with_trees(job, *directory, made_of(job, options, compiled, directory, unread));
}

}  // namespace meshfed::driver

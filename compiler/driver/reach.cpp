#include "driver/reach.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "ask/facts_file.hpp"
#include "base/path.hpp"
#include "driver/analysis.hpp"
#include "driver/facts.hpp"
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
    const auto known = [this](std::string_view shared) { return find(shared) != nullptr; };
    std::vector<Part> parts;
    auto own = std::make_shared<interpret::Objects>();
    for (const k8s::File& file : lower::lower(checked_, cluster, known).files) {
      if (file.shared.empty())
        add(file, *own);
      else
        parts.push_back(shared(file));
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
    const auto found = shared_.find(std::string(name));
    return found == shared_.end() ? nullptr : found->second;
  }

  Part shared(const k8s::File& file) {
    if (Part known = find(file.shared)) return known;
    auto objects = std::make_shared<interpret::Objects>();
    add(file, *objects);
    const std::lock_guard lock(mutex_);
    return shared_.try_emplace(file.shared, std::move(objects)).first->second;
  }

  check::Checked checked_;
  std::mutex mutex_;
  std::unordered_map<std::string, Part> shared_;
};

/// Objects as they stand in a directory.
class Directory {
 public:
  Directory(base::Fs& fs, std::string root, std::shared_ptr<Unread> unread)
      : fs_(fs), root_(std::move(root)), unread_(std::move(unread)) {}

  std::vector<Part> load(const std::string& cluster) const {
    auto objects = std::make_shared<interpret::Objects>();
    walk(base::below(root_, cluster), 0, *objects);
    return {std::move(objects)};
  }

 private:
  static constexpr int kMaxDepth = 32;

  static bool is_manifest(std::string_view name) {
    const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
    return yaml && !name.starts_with('.') && !name.starts_with("kustomization.");
  }

  void walk(const std::string& directory, int depth, interpret::Objects& objects) const {
    const base::Result<std::vector<std::string>> names = fs_.list_directory(directory);
    if (!names.ok()) return unread_->add({directory, std::strerror(names.error), true});
    for (const std::string& name : names.value) {
      const std::string path = base::below(directory, name);
      const base::Result<base::Stat> there = fs_.stat(path);
      if (!there.ok()) unread_->add({path, std::strerror(there.error), true});
      const base::FileKind kind = there.ok() ? there.value.kind : base::FileKind::missing;
      if (kind == base::FileKind::directory && !name.starts_with('.') && depth < kMaxDepth)
        walk(path, depth + 1, objects);
      if (kind == base::FileKind::file && is_manifest(name)) read(path, objects);
    }
  }

  void read(const std::string& path, interpret::Objects& objects) const {
    const base::Result<std::string> bytes = fs_.read_regular(path, publish::kMaxManifestBytes);
    if (!bytes.ok()) return unread_->add({path, std::strerror(bytes.error), bytes.error != EFBIG});
    const yaml::Reading reading = yaml::read(bytes.value);
    if (!reading.problem.empty()) return unread_->add({path, reading.problem});
    for (const yaml::Value& document : reading.documents) interpret::read(document, objects);
  }

  base::Fs& fs_;
  std::string root_;
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
  Reach reach{.world = nullptr, .unread = std::make_shared<Unread>()};
  std::shared_ptr<Compiled> compiled;
  if (options.out.empty() || options.facts.empty()) {
    std::optional<check::Checked> checked = analyse(job, options.file, options.jobs);
    if (!checked) return reach;
    compiled = std::make_shared<Compiled>(std::move(*checked));
  }
  std::optional<interpret::Facts> facts =
      options.facts.empty() ? facts_of(compiled->resolved()) : facts_in(job, options.facts);
  if (!facts) return reach;
  interpret::Load load = [compiled](const std::string& cluster) { return compiled->load(cluster); };
  if (!options.out.empty()) {
    const auto directory = std::make_shared<Directory>(job.fs, options.out, reach.unread);
    load = [directory](const std::string& cluster) { return directory->load(cluster); };
  }
  reach.world = std::make_unique<interpret::World>(std::move(*facts), std::move(load));
  return reach;
}

}  // namespace meshfed::driver

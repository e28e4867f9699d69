#include "publish/branch_publisher.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "git/branch.hpp"
#include "git/identity.hpp"
#include "git/index.hpp"
#include "git/pack.hpp"
#include "git/remotes.hpp"
#include "git/repository.hpp"
#include "git/sign.hpp"
#include "git/snapshot_of_tree.hpp"
#include "git/tree.hpp"
#include "publish/inventory.hpp"
#include "publish/path.hpp"

namespace meshfed::publish {
namespace {

using Status = CommitResult::Status;
using git::TreeEdit;
using git::TreeEntry;

constexpr git_oid kNoId = {};

// What a cluster's directory is to hold.
struct Planned {
  std::string lock;
  std::vector<git_oid> ids;  // of the lock, then of the tree's files
};

// The paths are the tree's own, so it outlives them. `.` comes first, so they are sorted.
std::vector<git::FileOfTree> files_of(const emit::Tree& tree, const Planned& planned) {
  std::vector<git::FileOfTree> files{{kLockName, planned.ids.at(0)}};
  files.reserve(planned.ids.size());
  for (std::size_t i = 0; i < tree.files.size(); ++i) files.push_back({tree.files[i].path, planned.ids.at(i + 1)});
  return files;
}

CommitResult failure(std::string what) { return {Status::failed, {}, git::failed(std::move(what))}; }

bool is_tree(const git_oid& id, const std::vector<git::FileOfTree>& files) {
  const git_oid tree = git::tree_of(files, [](const git_oid&, const std::string&) {});
  return git_oid_equal(&id, &tree) != 0;
}

bool is_utf8(std::string_view encoding) {
  std::string letters;
  for (const char c : encoding) {
    if (c != '-') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return letters == "utf8";
}

// Another process holds a lock for a moment, as every Git command does that changes something.
constexpr std::chrono::milliseconds kPatience(5000);
constexpr std::chrono::milliseconds kPause(20);

git::Problem locked(const std::string& why) {
  return {git::Problem::Kind::failed, "another process holds a lock, or was killed and left it behind: " + why,
          "if no Git process is running there, remove the file"};
}

}  // namespace

struct BranchPublisher::Content {
  // Of what is tried again as long as it is `locked`, in words.
  struct Step {
    CommitResult result;
    std::optional<std::string> locked = std::nullopt;
  };

  git::Library library;
  base::Fs* disk = nullptr;
  base::Clock* clock = nullptr;
  git::Branch branch;
  git::Identity identity;
  std::optional<git::Signing> signing;  // none: the commit needs no signature
  git::RunProgram run;

  git::Tip tip;
  std::optional<git::Remark> remark;
  std::optional<git_oid> tip_tree;
  std::unique_ptr<git::SnapshotFs> fs;

  git::Pack pack;
  std::mutex mutex;                                // of all below
  std::unordered_map<std::string, git_oid> blobs;  // by SHA-256: what is in many files is hashed once
  TreeEdit edit;                                   // of the whole tree: the clusters' directories
  bool edited = false;
  std::map<std::string, Planned> planned;  // by cluster, until it is staged
  std::map<std::string, git_oid> indexed;  // by path in the repository; only if checked out
  std::set<std::string> removed;
  std::optional<std::string> unreadable;  // what went wrong while staging

  git_repository& repository() const { return *branch.opened.repository; }
  std::string path_of(std::string_view cluster) const { return below(branch.prefix, cluster); }

  git_oid blob_of(const emit::Content& content) {
    {
      const std::lock_guard lock(mutex);
      const auto known = blobs.find(content.sha256);
      if (known != blobs.end()) return known->second;
    }
    const git_oid id = git::id_of(GIT_OBJECT_BLOB, content.bytes);
    const std::lock_guard lock(mutex);
    return blobs.emplace(content.sha256, id).first->second;
  }

  git::TakeTree take_tree() {
    return [this](const git_oid& id, const std::string& bytes) { pack.add(id, GIT_OBJECT_TREE, bytes); };
  }

  // None is planned for a retired cluster.
  Planned take_plan(const std::string& cluster) {
    const std::lock_guard lock(mutex);
    auto found = planned.extract(cluster);
    return found ? std::move(found.mapped()) : Planned{};
  }

  std::optional<git_oid> tree_at(const std::string& path) const;
  git_oid prepare_all(const emit::Tree& tree, const Planned& plan);
  TreeEdit::Result prepare_changes(const emit::Tree& tree, const Planned& plan, const Inspection& inspection,
                                   const std::vector<std::string>& gone, const git_oid& before);
  std::variant<std::string, git::Problem> text_of_commit(const git_oid& root, const std::string& message) const;
  CommitResult store(const git_oid& root, const std::string& message);
  CommitResult with_index(const std::function<Step()>& move);
  Step with_index_once(const std::function<Step()>& move);
  Step move_to(const git_oid& commit);
};

// The tree of a directory in the branch.
std::optional<git_oid> BranchPublisher::Content::tree_at(const std::string& path) const {
  if (!tip_tree || path.empty()) return tip_tree;
  git_tree* tree = nullptr;
  if (git_tree_lookup(&tree, &repository(), &*tip_tree) != 0) return std::nullopt;
  const git::Tree owned(tree);
  git_tree_entry* entry = nullptr;
  if (git_tree_entry_bypath(&entry, tree, path.c_str()) != 0) return std::nullopt;
  const git::Owned<git_tree_entry, git_tree_entry_free> owned_entry(entry);
  if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) return std::nullopt;
  return *git_tree_entry_id(entry);
}

BranchPublisher::BranchPublisher(std::unique_ptr<Content> content) : content_(std::move(content)) {}
BranchPublisher::~BranchPublisher() = default;

bool BranchPublisher::is_checked_out() const { return content_->branch.checked_out; }

std::string BranchPublisher::name() const {
  return content_->branch.short_name.empty() ? "HEAD" : content_->branch.short_name;
}

const std::string& BranchPublisher::output() const { return content_->branch.output; }

base::Fs& BranchPublisher::tip() { return *content_->fs; }

const std::optional<git::Remark>& BranchPublisher::remark() const { return content_->remark; }

std::optional<git::Problem> BranchPublisher::refresh() {
  Content& content = *content_;
  content.edit = {};
  content.edited = false;
  content.planned.clear();
  content.indexed.clear();
  content.removed.clear();
  content.unreadable.reset();
  std::variant<git::Tip, git::Problem> tip = git::tip_of(content.branch);
  if (auto* problem = std::get_if<git::Problem>(&tip)) return std::move(*problem);
  content.tip = std::move(std::get<git::Tip>(tip));
  content.remark = git::remark_on(content.branch, content.tip);
  content.tip_tree.reset();
  if (content.tip.commit) content.tip_tree = *git_commit_tree_id(content.tip.commit.get());
  content.fs = git::snapshot_of_tree(content.branch.opened, content.tip_tree ? &*content.tip_tree : nullptr);
  if (!content.fs) return git::failed("`" + name() + "` cannot be read: " + git::last_error());
  return std::nullopt;
}

bool BranchPublisher::plan(const emit::Tree& tree, std::string_view federation) {
  Content& content = *content_;
  Planned planned{.lock = print_inventory(federation, tree), .ids = {}};
  planned.ids.reserve(tree.files.size() + 1);
  planned.ids.push_back(git::id_of(GIT_OBJECT_BLOB, planned.lock));
  for (const emit::OutputFile& file : tree.files) planned.ids.push_back(content.blob_of(*file.content));
  const std::vector<git::FileOfTree> files = files_of(tree, planned);
  const std::string directory = content.path_of(tree.cluster);
  const std::optional<git_oid> there = content.tree_at(directory);
  const bool same = there && is_tree(*there, files);
  const std::lock_guard lock(content.mutex);
  if (content.branch.checked_out) {
    for (const git::FileOfTree& file : files) content.indexed.emplace(below(directory, file.path), file.id);
  }
  if (!same) content.planned.insert_or_assign(tree.cluster, std::move(planned));
  return same;
}

// Everything that was planned, where nothing was.
git_oid BranchPublisher::Content::prepare_all(const emit::Tree& tree, const Planned& plan) {
  for (std::size_t i = 0; i < tree.files.size(); ++i)
    pack.add(plan.ids[i + 1], GIT_OBJECT_BLOB, tree.files[i].content->bytes);
  pack.add(plan.ids[0], GIT_OBJECT_BLOB, plan.lock);
  return git::tree_of(files_of(tree, plan), take_tree());
}

TreeEdit::Result BranchPublisher::Content::prepare_changes(const emit::Tree& tree, const Planned& plan,
                                                           const Inspection& inspection,
                                                           const std::vector<std::string>& gone,
                                                           const git_oid& before) {
  TreeEdit changes;
  for (const std::string& path : gone) changes.remove(std::string_view(path).substr(tree.cluster.size() + 1));
  for (const Inspection::Write& write : inspection.writes) {
    const emit::OutputFile& file = tree.files.at(write.file);
    const git_oid& id = plan.ids.at(write.file + 1);
    pack.add(id, GIT_OBJECT_BLOB, file.content->bytes);
    changes.put(file.path, {git::kFileMode, id});
  }
  if (!inspection.retire && inspection.summary.lock_changed) {
    pack.add(plan.ids.at(0), GIT_OBJECT_BLOB, plan.lock);
    changes.put(kLockName, {git::kFileMode, plan.ids.at(0)});
  }
  return changes.apply(repository(), &before, take_tree());
}

void BranchPublisher::prepare(const emit::Tree& tree, const Inspection& inspection) {
  Content& content = *content_;
  std::vector<std::string> gone = inspection.leftovers;
  for (const Inspection::Removal& removal : inspection.removals) gone.push_back(removal.path);
  if (inspection.retire) gone.push_back(below(tree.cluster, kLockName));
  const Planned plan = content.take_plan(tree.cluster);
  const std::string directory = content.path_of(tree.cluster);
  const std::optional<git_oid> before = content.tree_at(directory);
  const TreeEdit::Result done = before ? content.prepare_changes(tree, plan, inspection, gone, *before)
                                       : TreeEdit::Result{true, content.prepare_all(tree, plan)};
  const std::lock_guard lock(content.mutex);
  if (!done.ok) content.unreadable = git::last_error();
  if (done.id)
    content.edit.put(directory, {git::kTreeMode, *done.id});
  else
    content.edit.remove(directory);
  content.edited = true;
  for (const std::string& path : gone) content.removed.insert(below(content.branch.prefix, path));
}

CommitResult BranchPublisher::commit(const std::string& message) {
  Content& content = *content_;
  if (content.unreadable) return failure("a directory of `" + name() + "` cannot be read: " + *content.unreadable);
  const git_oid* before = content.tip_tree ? &*content.tip_tree : nullptr;
  TreeEdit::Result root{true, content.tip_tree};
  if (content.edited) root = content.edit.apply(content.repository(), before, content.take_tree());
  if (!root.ok) return failure("`" + name() + "` cannot be read: " + git::last_error());
  if (!root.id && before) {  // the last file went
    root.id = git::id_of(GIT_OBJECT_TREE, "");
    content.pack.add(*root.id, GIT_OBJECT_TREE, "");
  }
  if (!root.id || (before && git_oid_equal(&*root.id, before)))
    return content.with_index([] { return Content::Step{{Status::nothing_to_do, {}, std::nullopt}}; });
  return content.store(*root.id, message);
}

// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects. An encoding is declared, not made: bytes are as they came.
std::variant<std::string, git::Problem> BranchPublisher::Content::text_of_commit(const git_oid& root,
                                                                                 const std::string& message) const {
  std::string text = "tree " + git::hex(root) + "\n";
  if (tip.commit) text += "parent " + git::hex(*git_commit_id(tip.commit.get())) + "\n";
  text += "author " + git::print(*identity.author) + "\ncommitter " + git::print(*identity.committer) + "\n";
  const std::string encoding = branch.settings.text("i18n.commitencoding");
  if (!encoding.empty() && !is_utf8(encoding)) text += "encoding " + encoding + "\n";
  text += "\n" + message;
  if (!text.ends_with('\n')) text += '\n';
  if (!signing) return text;
  std::variant<std::string, git::Problem> signature = git::sign(*disk, *signing, text, run);
  if (auto* made = std::get_if<std::string>(&signature)) return git::with_signature(text, *made);
  return signature;
}

CommitResult BranchPublisher::Content::store(const git_oid& root, const std::string& message) {
  std::variant<std::string, git::Problem> made = text_of_commit(root, message);
  if (auto* problem = std::get_if<git::Problem>(&made)) return {Status::failed, {}, std::move(*problem)};
  const std::string& text = std::get<std::string>(made);
  const git_oid id = git::id_of(GIT_OBJECT_COMMIT, text);
  pack.add(id, GIT_OBJECT_COMMIT, text);
  git_buf objects = GIT_BUF_INIT;
  if (git_repository_item_path(&objects, &repository(), GIT_REPOSITORY_ITEM_OBJECTS) != 0)
    return failure(git::last_error());
  const std::string directory = below(objects.ptr, "pack");
  git_buf_dispose(&objects);
  if (const int error = pack.write(*disk, directory))
    return failure("`" + directory + "` is not writable: " + std::generic_category().message(error));
  return with_index([&] { return move_to(id); });
}

// Nothing is compiled again for a lock: the branch is where it was, or the step will say that it has moved.
CommitResult BranchPublisher::Content::with_index(const std::function<Step()>& move) {
  const std::chrono::milliseconds end = clock->steady() + kPatience;
  while (true) {
    Step step = with_index_once(move);
    if (!step.locked) return std::move(step.result);
    if (clock->steady() >= end) return {Status::failed, {}, locked(*step.locked)};
    clock->sleep(kPause);
  }
}

// The index is prepared before the branch moves, and put in place after: its lock is held all the while, so that nobody
// else's changes to it are lost, and a branch that has moved leaves it as it was.
BranchPublisher::Content::Step BranchPublisher::Content::with_index_once(const std::function<Step()>& move) {
  if (!branch.checked_out) return move();
  using State = git::IndexUpdate::State;
  git::IndexUpdate index(*disk, repository());
  switch (index.prepare(indexed, removed)) {
    case State::locked:
      return {{}, "the index is locked"};
    case State::failed:
      return {failure("the index cannot be written: " + index.detail())};
    case State::ready:
      break;
  }
  Step step = move();
  const Status status = step.result.status;
  if (step.locked || (status != Status::done && status != Status::nothing_to_do)) return step;
  if (!index.finish())
    step.result = failure("the branch has moved, but the index cannot be written: " + index.detail());
  return step;
}

BranchPublisher::Content::Step BranchPublisher::Content::move_to(const git_oid& commit) {
  const git_signature& by = *identity.committer;
  git_repository_set_ident(&repository(), by.name, by.email);  // for the reflog
  const std::string log = std::string(tip.at ? "commit" : "commit (initial)") + ": meshfedc build";
  git_reference* moved = nullptr;
  const int error = git_reference_create_matching(&moved, &repository(), branch.reference.c_str(), &commit, 1,
                                                  tip.at ? &*tip.at : &kNoId, log.c_str());
  const git::Reference owned(moved);
  if (error == 0) return {{Status::done, git::hex(commit), std::nullopt}};
  if (error == GIT_ELOCKED) return {{}, git::last_error()};
  if (error == GIT_EMODIFIED || error == GIT_EEXISTS) return {{Status::moved, {}, std::nullopt}};
  return {failure("`" + branch.reference + "` cannot be moved: " + git::last_error())};
}

OpenedBranch open_branch(base::Fs& disk, base::Clock& clock, const std::string& out, const git::CommitOptions& options,
                         const git::Environment& environment) {
  auto content = std::make_unique<BranchPublisher::Content>();
  content->disk = &disk;
  content->clock = &clock;
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);  // what the branch points to is on stable storage before it does
  std::variant<git::Branch, git::Problem> found = git::find_branch(disk, out, options, environment);
  if (auto* problem = std::get_if<git::Problem>(&found)) return {nullptr, std::move(*problem)};
  content->branch = std::move(std::get<git::Branch>(found));
  if (content->branch.checked_out) {
    if (std::optional<git::Problem> problem = git::worktree_problem(content->branch, environment))
      return {nullptr, std::move(problem)};
  }
  std::variant<git::Identity, git::Problem> identity =
      git::identity(content->branch.settings, options.author, environment);
  if (auto* problem = std::get_if<git::Problem>(&identity)) return {nullptr, std::move(*problem)};
  content->identity = std::move(std::get<git::Identity>(identity));
  if (!options.unsigned_too) {
    const git_signature& by = *content->identity.committer;
    std::variant<std::optional<git::Signing>, git::Problem> signing =
        git::find_signing(disk, content->branch.settings, std::string(by.name) + " <" + by.email + ">",
                          content->branch.opened.root.generic_string(), environment);
    if (auto* problem = std::get_if<git::Problem>(&signing)) return {nullptr, std::move(*problem)};
    content->signing = std::move(std::get<std::optional<git::Signing>>(signing));
    content->run = environment.run;
  }
  return {std::make_unique<BranchPublisher>(std::move(content)), std::nullopt};
}

}  // namespace meshfed::publish

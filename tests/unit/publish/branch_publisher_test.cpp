#include "publish/branch_publisher.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/disk_fs.hpp"
#include "git/remark.hpp"
#include "support/fake_clock.hpp"
#include "unit/git/scene.hpp"
#include "unit/publish/scene.hpp"

using namespace meshfed;
using namespace meshfed::testing;
using Status = publish::CommitResult::Status;
using Kind = git::Problem::Kind;
using std::chrono::milliseconds;

namespace {

struct Scene : GitScene {
  base::DiskFs disk;
  FakeClock clock;
  git::Environment environment{.variables = {}, .now = 1'700'000'000, .offset_minutes = -90};

  publish::OpenedBranch open(const std::string& branch, const std::string& out = "deploy/prod") {
    return publish::open_branch(disk, clock, at(out), {.branch = branch, .author = "", .unsigned_too = false},
                                environment);
  }
};

/// Looks, and stages what the tree needs.
void prepare(publish::BranchPublisher& branch, const emit::Tree& tree, bool force = false) {
  REQUIRE_FALSE(branch.refresh());
  if (branch.plan(tree, "demo")) return;
  const publish::Inspection found = publish::inspect(branch.tip(), branch.output(), "demo", tree, {.force = force});
  REQUIRE(found.problems.empty());
  branch.prepare(tree, found);
}

TEST_CASE("a tree becomes a commit, and the same tree does not become another") {
  Scene scene;
  const publish::OpenedBranch opened = scene.open("rendered");
  REQUIRE(opened.branch);
  publish::BranchPublisher& branch = *opened.branch;
  CHECK(branch.name() == "rendered");
  CHECK_FALSE(branch.is_checked_out());
  prepare(branch, sample());
  const publish::CommitResult made = branch.commit("first");
  REQUIRE(made.status == Status::done);
  CHECK(scene.output("git rev-parse rendered") == made.id);
  CHECK(scene.output("git cat-file -p rendered | sed 1d") ==
        "author t <t@example.com> 1700000000 -0130\ncommitter t <t@example.com> 1700000000 -0130\n\nfirst");
  CHECK(scene.output("git ls-tree -r --name-only rendered") ==
        "deploy/prod/east/.meshfedc.lock\ndeploy/prod/east/a/a.mesh.global.yaml\n"
        "deploy/prod/east/a/kustomization.yaml\ndeploy/prod/east/b/b.mesh.global.yaml\n"
        "deploy/prod/east/b/kustomization.yaml\ndeploy/prod/east/kustomization.yaml");
  CHECK(scene.output("git show rendered:deploy/prod/east/b/b.mesh.global.yaml") == "host b");
  scene.check_soundness();

  prepare(branch, sample());
  CHECK(branch.commit("again").status == Status::nothing_to_do);
  prepare(branch, smaller());
  REQUIRE(branch.commit("smaller").status == Status::done);
  CHECK(scene.output("git diff --name-status rendered~1 rendered") ==
        "M\tdeploy/prod/east/.meshfedc.lock\nD\tdeploy/prod/east/b/b.mesh.global.yaml\n"
        "D\tdeploy/prod/east/b/kustomization.yaml\nM\tdeploy/prod/east/kustomization.yaml");
  CHECK(scene.output("ls .git/objects/pack/*.pack | wc -l") == "2");
  CHECK(scene.output("git count-objects") == "0 objects, 0 kilobytes");  // that is, loose ones
  scene.check_soundness();
}

TEST_CASE("a retired cluster goes, and the last one leaves an empty tree") {
  Scene scene;
  const publish::OpenedBranch opened = scene.open("rendered");
  prepare(*opened.branch, sample());
  REQUIRE(opened.branch->commit("first").status == Status::done);
  REQUIRE_FALSE(opened.branch->refresh());
  const publish::Inspection found =
      publish::inspect_retired(opened.branch->tip(), opened.branch->output(), "demo", "east", {});
  opened.branch->prepare(smaller(), found);
  REQUIRE(opened.branch->commit("gone").status == Status::done);
  CHECK(scene.output("git ls-tree rendered") == "");
  scene.check_soundness();
}

TEST_CASE("whoever commits in between is not overwritten") {
  Scene scene;
  scene.run("git commit -q --allow-empty -m root && git branch rendered");
  const publish::OpenedBranch opened = scene.open("rendered");
  prepare(*opened.branch, sample());
  scene.run("git branch -f rendered $(git commit-tree -p rendered -m theirs rendered^{tree})");
  CHECK(opened.branch->commit("ours").status == Status::moved);
  CHECK(scene.output("git log --format=%s rendered") == "theirs\nroot");
  prepare(*opened.branch, sample());
  CHECK(opened.branch->commit("ours").status == Status::done);
  CHECK(scene.output("git log --format=%s rendered") == "ours\ntheirs\nroot");
  scene.check_soundness();
}

TEST_CASE("a branch that appears, or goes, in between counts as moved") {
  Scene scene;
  const publish::OpenedBranch opened = scene.open("rendered");
  prepare(*opened.branch, sample());
  scene.run("git commit -q --allow-empty -m root && git branch rendered");
  CHECK(opened.branch->commit("ours").status == Status::moved);
  prepare(*opened.branch, sample());
  scene.run("git update-ref -d refs/heads/rendered");
  CHECK(opened.branch->commit("ours").status != Status::done);
  prepare(*opened.branch, sample());
  CHECK(opened.branch->commit("ours").status == Status::done);
  CHECK(scene.output("git log --format=%s rendered") == "ours");
}

TEST_CASE("a branch that another process holds is waited for, and not for ever") {
  Scene scene;
  const publish::OpenedBranch opened = scene.open("rendered");
  prepare(*opened.branch, sample());
  scene.run("mkdir -p .git/refs/heads && touch .git/refs/heads/rendered.lock");
  const publish::CommitResult held = opened.branch->commit("ours");
  CHECK(held.status == Status::failed);
  REQUIRE(held.problem);
  CHECK(held.problem->remedy == "if no Git process is running there, remove the file");
  CHECK(scene.clock.slept == milliseconds(5000));

  scene.clock.after_sleep = [&] { scene.run("rm -f .git/refs/heads/rendered.lock"); };
  CHECK(opened.branch->commit("ours").status == Status::done);
  CHECK(scene.clock.slept == milliseconds(5020));
}

TEST_CASE("on the branch that is checked out the index gets what is committed, and keeps all else") {
  Scene scene;
  scene.run("echo a > a && git add a && git commit -qm root && echo b > b && git add b && echo c >> a");
  const publish::OpenedBranch opened = scene.open("");
  REQUIRE(opened.branch);
  CHECK(opened.branch->is_checked_out());
  CHECK(opened.branch->name() == "main");
  scene.run("mkdir -p deploy/prod");
  REQUIRE(put_out(scene.disk, sample(), false, scene.at("deploy/prod")).ok());
  prepare(*opened.branch, sample(), true);
  REQUIRE(opened.branch->commit("ours").status == Status::done);
  CHECK(scene.output("git status --porcelain") == " M a\nA  b");
  CHECK(scene.output("git diff --name-only main~1 main | grep -vc ^deploy/prod/ || true") == "0");

  REQUIRE(put_out(scene.disk, smaller(), false, scene.at("deploy/prod")).ok());
  prepare(*opened.branch, smaller(), true);
  REQUIRE(opened.branch->commit("smaller").status == Status::done);
  CHECK(scene.output("git status --porcelain") == " M a\nA  b");
  scene.check_soundness();
}

TEST_CASE("who holds the index is waited for, and what they staged is kept") {
  Scene scene;
  scene.run("echo a > a && git add a && git commit -qm root");
  const publish::OpenedBranch opened = scene.open("main");
  scene.run("mkdir -p deploy/prod");
  REQUIRE(put_out(scene.disk, sample(), false, scene.at("deploy/prod")).ok());
  prepare(*opened.branch, sample(), true);
  scene.run("touch .git/index.lock");
  scene.clock.after_sleep = [&] {
    if (scene.clock.slept == milliseconds(100)) scene.run("rm .git/index.lock && echo b > b && git add b");
  };
  CHECK(opened.branch->commit("ours").status == Status::done);
  CHECK(scene.clock.slept == milliseconds(100));
  CHECK(scene.output("git status --porcelain") == "A  b");
  CHECK(scene.output("ls .git | grep index") == "index");
}

TEST_CASE("a commit that comes too late leaves the index alone") {
  Scene scene;
  scene.run("echo a > a && git add a && git commit -qm root");
  const publish::OpenedBranch opened = scene.open("main");
  prepare(*opened.branch, sample(), true);
  scene.run("git update-ref refs/heads/main $(git commit-tree -p main -m theirs main^{tree})");
  CHECK(opened.branch->commit("ours").status == Status::moved);
  CHECK(scene.output("git status --porcelain") == "");
  CHECK(scene.output("ls .git | grep index") == "index");
}

TEST_CASE("what forbids a commit is known before anything is written") {
  Scene scene;
  scene.run("git commit -q --allow-empty -m root");
  const auto problem = [&](const std::string& branch, const std::string& out = "out") {
    const publish::OpenedBranch opened = scene.open(branch, out);
    CHECK((opened.branch == nullptr) == opened.problem.has_value());
    return opened.problem ? opened.problem->kind : Kind::failed;
  };
  CHECK(problem("x", ".git/out") == Kind::refused);
  CHECK(problem("x", "a/.git/out") == Kind::refused);
  CHECK(problem("x", "a/GIT~1/out") == Kind::refused);
  CHECK(problem("x", "../out") == Kind::no_repository);
  scene.run("git config commit.gpgsign true");
  CHECK(problem("x") == Kind::unsigned_only);
  scene.run("git config commit.gpgsign false && git config user.email ''");
  CHECK(problem("x") == Kind::no_identity);
  scene.run("git config user.email t@example.com && git bisect start >/dev/null");
  CHECK(problem("") == Kind::refused);
  CHECK(scene.open("x").branch);
  scene.run("git bisect reset >/dev/null 2>&1 && git symbolic-ref refs/heads/alias refs/heads/main");
  CHECK(problem("alias") == Kind::refused);
}

TEST_CASE("names of branches are Git's, and mean nothing else to it") {
  for (const char* name : {"rendered", "rendered/east", "refs/heads/rendered", "HEADS", "deadbeef"})
    CHECK(git::branch_name_flaw(name).empty());
  for (const char* name : {"", "a..b", "-x", "a b", "a/", "x.lock", "HEAD", "@{-1}", "@", "ORIG_HEAD", "refs/tags/x",
                           "refs/heads/refs/heads/x", "heads/x", "tags/x", "remotes/origin/x",
                           "0123456789012345678901234567890123456789"}) {
    CAPTURE(name);
    CHECK_FALSE(git::branch_name_flaw(name).empty());
  }
}

TEST_CASE("a commit that is to be signed is signed before the branch moves, or there is none") {
  Scene scene;
  scene.run("git config commit.gpgsign true && git config gpg.program ./signer && touch signer");
  std::string seen;
  git::Ended ended{.output = "SIGNATURE\n", .errors = "[GNUPG:] SIG_CREATED \n"};
  scene.environment.run = [&](const git::Program& program) {
    seen = *program.input;
    return ended;
  };
  const publish::OpenedBranch opened = scene.open("rendered");
  REQUIRE(opened.branch);
  prepare(*opened.branch, sample());
  REQUIRE(opened.branch->commit("signed").status == Status::done);
  CHECK(scene.output("git cat-file -p rendered | grep -n gpgsig") == "4:gpgsig SIGNATURE");
  CHECK(scene.output("git cat-file -p rendered | sed /^gpgsig/d") + "\n" == seen);
  ended = {.status = 1, .errors = "no key\n"};
  prepare(*opened.branch, smaller());
  const publish::CommitResult refused = opened.branch->commit("not signed");
  REQUIRE(refused.problem);
  CHECK(refused.problem->kind == Kind::unsigned_only);
  CHECK(scene.output("git log --format=%s rendered") == "signed");
  scene.check_soundness();
}

TEST_CASE("what a remote may know is remarked on") {
  Scene scene;
  const auto remark = [&](const std::string& branch) {
    const publish::OpenedBranch opened = scene.open(branch);
    REQUIRE(opened.branch);
    REQUIRE_FALSE(opened.branch->refresh());
    return opened.branch->remark();
  };
  scene.run("git commit -q --allow-empty -m root");
  CHECK_FALSE(remark("rendered"));
  scene.run("git remote add hub https://git.example.com/x.git");
  CHECK(remark("rendered") == git::Remark{git::Remark::Kind::begins_anew, "hub"});
  CHECK_FALSE(remark("main"));
  scene.run("git update-ref refs/remotes/hub/rendered HEAD");
  CHECK_FALSE(remark("rendered"));
  scene.run(
      "git branch rendered && git commit -q --allow-empty -m more && git update-ref refs/remotes/hub/rendered HEAD");
  CHECK(remark("rendered") == git::Remark{git::Remark::Kind::behind, "hub"});
  scene.run("git branch -f rendered HEAD && git update-ref refs/remotes/hub/rendered HEAD~1");
  CHECK_FALSE(remark("rendered"));
}

}  // namespace

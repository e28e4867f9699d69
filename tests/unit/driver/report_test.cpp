#include "driver/report.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "diag/catalog.hpp"

using namespace meshfed;
using driver::FileOperation;
using publish::Problem;
using Kind = publish::Problem::Kind;

namespace {

// Code, message and what kind of failure it is.
std::string reported(const Problem& problem, FileOperation doing = FileOperation::reading) {
  diag::Sink sink;
  driver::report_problem(problem, "out", "demo", doing, sink);
  REQUIRE(sink.reports().size() == 1);
  const diag::Report& report = sink.reports().front();
  return diag::code_text(report.row->code) + " " + report.message + " (" +
         (report.row->failure == diag::Failure::io ? "io" : "refused") + ")";
}

}  // namespace

TEST_CASE("every problem has a code, words and an exit status") {
  CHECK(reported({Kind::edited_by_hand, "out/a/b.yaml", "", 0}) ==
        "MF0901 `out/a/b.yaml` was edited by hand (refused)");
  CHECK(reported({Kind::foreign_file, "out/a/b.yaml", "", 0}) ==
        "MF0902 `out/a/b.yaml` already exists and was not written by meshfedc (refused)");
  CHECK(reported({Kind::foreign_without_lock, "out/a/b.yaml", "", 0}) ==
        "MF0902 `out/a/b.yaml` already exists and was not written by meshfedc (refused)");
  CHECK(reported({Kind::stand_in, "out/a/b.yaml", "a pointer of Git LFS", 0, base::FileKind::file, "pull"}) ==
        "MF0952 `out/a/b.yaml` is a pointer of Git LFS, not what meshfedc wrote (refused)");
  CHECK(reported({Kind::wrong_type, "out/a/b.yaml", "a directory", 0, base::FileKind::directory}) ==
        "MF0903 `out/a/b.yaml` is a directory; a file is to be written there (refused)");
  CHECK(reported({Kind::wrong_type, "out/a", "a file", 0, base::FileKind::file}) ==
        "MF0903 `out/a` is a file; a directory is to be written there (refused)");
  CHECK(reported({Kind::link_in_path, "out/a", "a link", 0, base::FileKind::symlink}) ==
        "MF0903 `out/a` is a link; a directory is to be written there (refused)");
  CHECK(reported({Kind::case_clash, "out/a/b.yaml", "B.yaml", 0}) ==
        "MF0904 `out/a/b.yaml` and `out/a/B.yaml` are the same file on a case-insensitive file system (refused)");
  CHECK(reported({Kind::wrong_type, "out", "a file", 0, base::FileKind::file}) ==
        "MF0905 the output directory `out` is a file, not a directory (refused)");
  CHECK(reported({Kind::wrong_type, "out", "not a directory", 0}) ==
        "MF0905 the output directory `out` is not a directory (refused)");
  CHECK(reported({Kind::bad_inventory, "out/a/.meshfedc.lock", "line 3: no digest", 0}) ==
        "MF0906 `out/a/.meshfedc.lock` is not a valid lock file: line 3: no digest (refused)");
  CHECK(reported({Kind::bad_inventory, "out/a/.meshfedc.lock", "", EFBIG}) ==
        "MF0906 `out/a/.meshfedc.lock` is not a valid lock file: it is too large (refused)");
  CHECK(reported({Kind::newer_inventory, "out/a/.meshfedc.lock", "line 1", 0}) ==
        "MF0907 `out/a/.meshfedc.lock` was written by a newer version of meshfedc (refused)");
  CHECK(reported({Kind::other_federation, "out/a/.meshfedc.lock", "prod", 0}) ==
        "MF0908 `out/a/.meshfedc.lock` belongs to federation \"prod\", not \"demo\" (refused)");
  CHECK(reported({Kind::locked, "out", "", EWOULDBLOCK}) == "MF0909 another build is writing to `out` (refused)");
  CHECK(reported({Kind::io, "out/a", "", EACCES}, FileOperation::writing) ==
        "MF0910 cannot write `out/a`: Permission denied (io)");
  CHECK(reported({Kind::io, "out/a", "", EACCES}, FileOperation::reading) ==
        "MF0001 cannot read `out/a`: Permission denied (io)");
  CHECK(reported({Kind::changed_meanwhile, "out/a", "", 0}, FileOperation::writing) ==
        "MF0910 cannot write `out/a`: it changed during the build (io)");
}

TEST_CASE("a path that no federation leads to is a bug") {
  diag::Sink sink;
  CHECK_THROWS_AS(driver::report_problem({Kind::bad_path, "out", "..", 0}, "out", "demo", FileOperation::reading, sink),
                  std::logic_error);
}

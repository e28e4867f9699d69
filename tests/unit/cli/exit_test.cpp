#include "cli/exit.hpp"

#include <doctest/doctest.h>

using namespace meshfed;

TEST_CASE("the exit status is that of the worst error, and warnings have none") {
  diag::Sink sink;
  CHECK(cli::exit_of(sink) == 0);
  sink.report({}, diag::MeshWithoutCluster, "a");
  CHECK(cli::exit_of(sink) == 0);
  sink.report({}, diag::UndeclaredParty, "a", "b");
  CHECK(cli::exit_of(sink) == 2);
  sink.report({}, diag::WouldOverwrite, "a");
  CHECK(cli::exit_of(sink) == 3);
  sink.report({}, diag::CannotPrint, "a");
  CHECK(cli::exit_of(sink) == 4);
}

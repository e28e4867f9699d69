#include "diag/sink.hpp"

#include <doctest/doctest.h>

#include <string>

#include "unit/diag/rows.hpp"

namespace meshfed::testing {
namespace {

using diag::Sink;
using source::Span;

Span at(std::size_t offset) { return {1, static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(offset + 1)}; }

TEST_CASE("a sink keeps the first errors, one of every code, and counts the rest") {
  Sink sink;
  for (std::size_t i = 0; i < 3000; ++i) sink.report(at(i), UndeclaredParty, "cart", "x");
  sink.report(at(5000), EditedByHand, "y").note({}, "kept");
  sink.report(at(5001), EditedByHand, "z");
  sink.finish();
  CHECK(sink.errors() == 3002);
  CHECK(sink.warnings() == 0);
  REQUIRE(sink.reports().size() == 1001);
  CHECK(sink.reports()[999].span == at(999));
  CHECK(sink.reports()[1000].message == "`y` was edited by hand");
  CHECK(sink.reports()[1000].notes.size() == 1);
}

TEST_CASE("warnings are all there until the sink is finished: any of them may be accepted") {
  Sink sink;
  for (std::size_t i = 0; i < 3000; ++i) sink.report(at(i), MeshWithoutCluster, "east");
  sink.drop_warnings([](const diag::Report& report) { return report.span.begin < 1500; });
  CHECK(sink.warnings() == 1500);
  sink.finish();
  CHECK(sink.warnings() == 1500);
  CHECK(sink.reports().size() == 1000);
  CHECK(sink.reports().front().span == at(1500));
}

TEST_CASE("a sink takes no more of another than it would have kept itself") {
  Sink all, part;
  for (std::size_t i = 0; i < 900; ++i) all.report(at(i), UndeclaredParty, "cart", "x");
  for (std::size_t i = 1000; i < 2500; ++i) part.report(at(i), UndeclaredParty, "cart", "x");
  part.report(at(3000), MeshWithoutCluster, "east");
  all.take(std::move(part));
  all.finish();
  CHECK(all.errors() == 2400);
  CHECK(all.warnings() == 1);
  CHECK(all.reports().size() == 1001);
}

TEST_CASE("what a report quotes of its input is cut") {
  const std::string large(100'000, 'x');
  Sink sink;
  diag::Report& report = sink.report(at(0), UndeclaredParty, large, "short");
  for (int i = 0; i < 100; ++i) report.note({}, large);
  report.advise(large).replace(at(0), large);
  CHECK(report.message == "export \"" + std::string(500, 'x') + "…\" names \"short\", which is not declared");
  CHECK(report.notes.size() == 20);
  CHECK(report.notes.front().text.size() < 2'010);
  CHECK(report.help.size() < 20'010);
  CHECK_FALSE(report.fix.has_value());
}

TEST_CASE("searches for close names end after some of them, or many names") {
  Sink small, large;
  int searches = 0;
  while (small.wants_search(100)) ++searches;
  CHECK(searches == 1000);
  for (searches = 0; large.wants_search(1'000'000); ++searches) {
  }
  CHECK(searches == 10);
}

}  // namespace
}  // namespace meshfed::testing

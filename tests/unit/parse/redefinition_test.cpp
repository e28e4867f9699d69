// Whatever defines something again, in whatever way keys and headers can be written: an error at the second of the two,
// with a note at the first, and never more than an error.
#include <random>

#include <doctest/doctest.h>

#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

class Writer {
 public:
  explicit Writer(std::mt19937& random) : random_(random) {}

  std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string part(const std::string& name) {
    switch (pick(4)) {
      case 0:
        return fmt::format("\"{}\"", name);
      case 1:
        return fmt::format("'{}'", name);
      case 2:
        return fmt::format("\"\\u{:04x}{}\"", static_cast<int>(name[0]), name.substr(1));
      default:
        return name;
    }
  }

  std::string path(std::size_t most) {
    const Lines names = {"a", "b", "cluster", "x-1"};
    std::string text;
    for (std::size_t i = 1 + pick(most); i > 0; --i) {
      text += (text.empty() ? "" : pick(3) == 0 ? " . " : ".") + part(names[pick(names.size())]);
    }
    return text;
  }

  std::string line() {
    const Lines values = {"1", "{}", "{ a = 1 }", "[1]", "[{ a = 1 }]", "\"s\"", "{ a.b = 1 }"};
    const std::string indent = pick(4) == 0 ? "\t " : "";
    const std::string end = pick(4) == 0 ? " # [a]\r\n" : "\n";
    switch (pick(5)) {
      case 0:
        return fmt::format("{}[ {} ]{}", indent, path(4), end);
      case 1:
        return fmt::format("{}[[{}]]{}", indent, path(2), end);
      default:
        return fmt::format("{}{} = {}{}", indent, path(3), values[pick(values.size())], end);
    }
  }

 private:
  std::mt19937& random_;
};

TEST_CASE("random second definitions") {
  std::mt19937 random(20261130);
  Writer writer(random);
  std::size_t found = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (std::size_t i = 1 + writer.pick(8); i > 0; --i) text += writer.line();
    CAPTURE(text);
    Loaded loaded(text);
    for (const diag::Report& report : loaded.sink.reports()) {
      if (report.row != &diag::DuplicateKey.kRow && report.row != &diag::ClosedTable.kRow) continue;
      ++found;
      CHECK(report.span.end > report.span.begin);
      CHECK(report.span.end <= text.size());
      REQUIRE(report.notes.size() == 1);
      CHECK(report.notes.front().span.begin < report.span.begin);
    }
  }
  CHECK(found > 1000);
}

}  // namespace
}  // namespace meshfed::testing

// Every key knows its form, and what is said in another form is shown in that.
#include "parse/forms.hpp"

#include <algorithm>
#include <stdexcept>

#include <doctest/doctest.h>

#include "parse/binder.hpp"
#include "syntax/document.hpp"
#include "unit/parse/loaded.hpp"

namespace meshfed::testing {
namespace {

using parse::Key;
using parse::Table;

/// The codes that reading the value as the key gives.
Lines read_as(const Key& key, const std::string& value) {
  std::optional<syntax::Node> node = syntax::parse_value(value);
  REQUIRE(node.has_value());
  node->key = key.name;
  source::Manager files;
  files.add("x.toml", "x = " + value);
  diag::Sink sink;
  parse::Binder binder(files, sink);
  key.attempt(binder, *node, key);
  Lines codes;
  for (const diag::Report& report : sink.reports()) codes.push_back(diag::code_text(report.row->code));
  return codes;
}

TEST_CASE("each key takes its own example") {
  for (const Table* table : parse::all_tables()) {
    for (const Key& key : table->keys) {
      const std::string example = parse::example_of(*table, key);
      CAPTURE(table->title);
      CAPTURE(key.name);
      CAPTURE(example);
      CHECK(read_as(key, example).empty());
    }
  }
}

const Key& key_of(std::string_view title, std::string_view name) {
  for (const Table* table : parse::all_tables()) {
    if (table->title == title) return *parse::find_key(*table, name);
  }
  throw std::logic_error("no such table");
}

std::string converted(std::string_view title, std::string_view name, const std::string& value) {
  source::Manager files;
  const source::FileId file = files.add("x.toml", "x = " + value + "\n");
  syntax::SyntaxError error;
  const auto root = syntax::tree_of(files, file, files.text(file), error);
  REQUIRE(root.has_value());
  return parse::converted(key_of(title, name), root->items.front(), files).value_or("-");
}

TEST_CASE("values are shown in the form of their key") {
  CHECK(converted("[export.*]", "ports", "[\"80:8080\"]") == "[{ name = \"http\", number = 80, target = 8080 }]");
  CHECK(converted("[export.*]", "ports", "5432") == "[{ name = \"tcp-5432\", number = 5432 }]");
  CHECK(converted("[export.*]", "ports", "{ web = 80, grpc = 90 }") ==
        "[{ name = \"web\", number = 80 }, { name = \"grpc\", number = 90 }]");
  CHECK(converted("[export.*]", "ports", "[\"x\"]") == "-");
  CHECK(converted("[export.*]", "selector", "\"app=orders, tier = x\"") == "{ app = \"orders\", \"tier \" = \"x\" }");
  CHECK(converted("[export.*]", "selector", "[{ app = \"a\" }, { v = 2 }]") == "{ app = \"a\", v = \"2\" }");
  CHECK(converted("[export.*]", "from", "\"a, b\"") == "[\"a\", \"b\"]");
  CHECK(converted("[export.*]", "from", "{ a = true }") == "[\"a\"]");
  CHECK(converted("[export.*]", "namespace", "[\"a\"]") == "\"a\"");
  CHECK(converted("[export.*]", "namespace", "[\"a\", \"b\"]") == "-");
  CHECK(converted("[export.*.ports]", "number", "\"80/tcp\"") == "80");
  CHECK(converted("[export.*.ports]", "number", "80.0") == "80");
  CHECK(converted("[cluster.*]", "locality", "{ region = \"eu\", zone = \"a\" }") == "\"eu/a\"");
  CHECK(converted("[cluster.*]", "gateway", "[\"192.0.2.1\"]") == "{ addresses = [\"192.0.2.1\"] }");
  CHECK(converted("[cluster.*]", "imports", "false") == "[]");
  CHECK(converted("[cluster.*]", "egress", "true") == "\"gateway\"");
  CHECK(converted("[cluster.*]", "dns_capture", "\"Yes\"") == "true");
  CHECK(converted("[cluster.*]", "istio", "1.30") == "\"1.30\"");
}

/// Every wrong type for every key: one report, which shows the form or has an edit; and the edit is taken.
TEST_CASE("whatever stands where a key has its value, it is told what to write") {
  const Lines values = {"true",    "7",         "1.5", "\"x\"", "\"*\"",     "[1]",
                        "[\"x\"]", "{ x = 1 }", "{}",  "[[]]",  "2024-05-19"};
  for (const Table* table : parse::all_tables()) {
    if (table->name.empty() || table->title == "[defaults], [mesh.*] or [cluster.*]") continue;
    std::string header(table->name == "cluster.*.gateway.seen_from.*" ? "cluster.c.gateway.seen_from.n" : table->name);
    for (std::size_t at; (at = header.find('*')) != std::string::npos;) header.replace(at, 1, "c");
    const bool rows = header.ends_with("[]");
    if (rows) header.resize(header.size() - 2);
    for (const Key& key : table->keys) {
      for (const std::string& value : values) {
        const std::string text =
            fmt::format("{}\n{} = {}\n", rows ? "[[" + header + "]]" : "[" + header + "]", key.name, value);
        Loaded loaded(text);
        for (const diag::Report& report : loaded.sink.reports()) {
          if (report.row != &diag::WrongType.kRow) continue;
          CAPTURE(text);
          CHECK((report.fix || report.help.find_first_of("\"`") != std::string::npos));
          if (!report.fix || loaded.files.text(report.span).find(value) == std::string_view::npos) continue;
          std::string edited = text;
          edited.replace(report.fix->span.begin, report.fix->span.end - report.fix->span.begin,
                         report.fix->replacement);
          CAPTURE(edited);
          const Loaded again(edited);
          const auto& after = again.sink.reports();
          CHECK(std::none_of(after.begin(), after.end(),
                             [](const diag::Report& left) { return left.row == &diag::WrongType.kRow; }));
        }
      }
    }
  }
}

}  // namespace
}  // namespace meshfed::testing

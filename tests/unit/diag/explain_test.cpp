#include "diag/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "diag/catalog.hpp"

using namespace meshfed;
using diag::Row;
using diag::Severity;

TEST_CASE("an explanation has the words, the reason, both examples and the help") {
  const Row row{
      301,
      "UndeclaredParty",
      Severity::error,
      "export \"{}\" names \"{}\", which is neither a declared mesh nor a declared cluster",
      "declare it",
      "\n`from`, `merge` and `to` hold names.\nThey are looked up among the meshes and\nclusters of the whole "
      "federation, whatever file declares them.\n\nSo:\n  a table first\n  then its name\n",
      "\n[export.pay]\nfrom = [\"wset\"]\n\n[mesh.west]\n",
      "[export.pay]\nfrom = [\"west\"]\n"};
  CHECK(diag::explain(row) == R"(MF0301 UndeclaredParty (error)

export "…" names "…", which is neither a declared mesh nor a declared cluster

`from`, `merge` and `to` hold names. They are looked up among the meshes and clusters of
the whole federation, whatever file declares them.

So:
  a table first
  then its name

Instead of

    [export.pay]
    from = ["wset"]

    [mesh.west]

write

    [export.pay]
    from = ["west"]

help: declare it
)");
  CHECK(diag::explain(row, true).starts_with("\x1b[1mMF0301 UndeclaredParty (error)\x1b[0m\n"));
}

TEST_CASE("what a row leaves empty is left out") {
  const Row row{17, "CannotPrint", Severity::warning, "cannot write: {}", "", "", "", ""};
  CHECK(diag::explain(row) == "MF0017 CannotPrint (warning)\n\ncannot write: …\n");
}

TEST_CASE("the first line of an example keeps its indentation") {
  const Row row{1, "X", Severity::error, "m", "", "", "\n  a\n b\n\n", ""};
  CHECK(diag::explain(row) == "MF0001 X (error)\n\nm\n\nInstead of\n\n      a\n     b\n");
}

TEST_CASE("a pattern shows where something is filled in") {
  CHECK(diag::shown_pattern("a {} b {:04x}c") == "a … b …c");
  CHECK(diag::shown_pattern("{{ name }} {}") == "{ name } …");
}

TEST_CASE("long words are not broken, and blanks do not add up") {
  CHECK(diag::wrap("aaaa  bbbbbbbbbbbb cc\tdd", 8) == "aaaa\nbbbbbbbbbbbb\ncc dd\n");
  CHECK(diag::wrap(" \n\n", 8).empty());
}

TEST_CASE("wide characters count double") { CHECK(diag::wrap("東京 東京 a", 8) == "東京\n東京 a\n"); }

TEST_CASE("the list has one line for each row of the catalog") {
  const std::string list = diag::explain_list();
  CHECK(static_cast<std::size_t>(std::count(list.begin(), list.end(), '\n')) == diag::catalog().size());
  CHECK(list.starts_with("MF0001  error    CannotRead "));
  for (const Row& row : diag::catalog()) CHECK(list.find(diag::code_text(row.code) + "  ") != std::string::npos);
}

TEST_CASE("every row can be explained in lines that fit") {
  for (const Row& row : diag::catalog()) {
    CAPTURE(row.name);
    const std::string text = diag::explain(row);
    CHECK(text.starts_with(diag::code_text(row.code)));
    CHECK(text.ends_with("\n"));
    CHECK(diag::shown_pattern(row.message).find('{') == std::string::npos);
  }
}

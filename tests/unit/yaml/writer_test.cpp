#include "yaml/writer.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>

#include "yaml/literal.hpp"

namespace meshfed::yaml {
namespace {

struct Written {
  Value value;
  std::string_view text;  // after `k:`, without the newline
};

void check(std::initializer_list<Written> table) {
  for (const Written& row : table) {
    CAPTURE(row.text);
    CHECK(to_string(Map{{"k", row.value}}) == "k:" + std::string(row.text) + "\n");
  }
}

TEST_CASE("scalars") {
  check({
      {nullptr, " null"},
      {true, " true"},
      {false, " false"},
      {0, " 0"},
      {-15, " -15"},
      {std::numeric_limits<std::int64_t>::min(), " -9223372036854775808"},
      {std::numeric_limits<std::int64_t>::max(), " 9223372036854775807"},
      {List{}, " []"},
      {Map{}, " {}"},
  });
}

TEST_CASE("plain strings") {
  check({
      {"httpbin", " httpbin"},
      {"httpbin.mesh.global", " httpbin.mesh.global"},
      {"networking.istio.io/v1", " networking.istio.io/v1"},
      {"/var/run", " /var/run"},
      {"MESH_INTERNAL", " MESH_INTERNAL"},
      {"outbound_.8000_._.httpbin.mesh.global", " outbound_.8000_._.httpbin.mesh.global"},
      {"yesterday", " yesterday"},
      {"None", " None"},
      {"e3", " e3"},
      {"a-", " a-"},
  });
}

TEST_CASE("strings that some reader would take for another type are quoted") {
  check({
      {"", R"( "")"},
      {".", R"( ".")"},
      {"443", R"( "443")"},
      {"10s", R"( "10s")"},
      {"0755", R"( "0755")"},
      {"172.18.255.1", R"( "172.18.255.1")"},
      {"2024-01-01", R"( "2024-01-01")"},
      {"~", R"( "~")"},
      {"<<", R"( "<<")"},
      {"-a", R"( "-a")"},
      {"_a", R"( "_a")"},
      {"a b", R"( "a b")"},
      {"a:b", R"( "a:b")"},
      {"*.httpbin.mesh.global", R"( "*.httpbin.mesh.global")"},
      {"spiffe://cluster.local/ns/a/sa/b", R"( "spiffe://cluster.local/ns/a/sa/b")"},
  });
  for (const char* word : {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "Y", "No", "ON",
                           "tRuE", "NULL", "NaN"}) {
    CHECK_FALSE(is_plain(word));
  }
}

TEST_CASE("what is not printable is escaped") {
  using namespace std::string_view_literals;
  check({
      {"a\"b\\c", R"( "a\"b\\c")"},
      {"a\tb", R"( "a\tb")"},
      {"a\r\n", R"( "a\r\n")"},
      {"\0\x1b\x7f"sv, R"( "\x00\x1B\x7F")"},
      {"\u0085\u009f", R"( "\x85\x9F")"},
      {"\u2028\u2029\ufeff\uffff", R"( "\u2028\u2029\uFEFF\uFFFF")"},
      {"é \u00a0 日本 \U0001F600", " \"é \u00a0 日本 \U0001F600\""},
  });
}

TEST_CASE("bytes that are no UTF-8 become U+FFFD, one for each") {
  check({
      {"a\x80z", R"( "a\uFFFDz")"},
      {"\xc3", R"( "\uFFFD")"},
      {"\xc0\xaf", R"( "\uFFFD\uFFFD")"},
      {"\xed\xa0\x80", R"( "\uFFFD\uFFFD\uFFFD")"},
      {"\xf0\x9f\x98", R"( "\uFFFD\uFFFD\uFFFD")"},
      {"\xf4\x90\x80\x80", R"( "\uFFFD\uFFFD\uFFFD\uFFFD")"},
      {"\xff\n", R"( "\uFFFD\n")"},
  });
}

TEST_CASE("several lines are a literal where a literal is exact") {
  check({
      {"a\nb", " |-\n  a\n  b"},
      {"a\nb\n", " |\n  a\n  b"},
      {"a\n", " |\n  a"},
      {"a\n\n  b\nc", " |-\n  a\n\n    b\n  c"},
      {"# a: 'b'\n---\n", " |\n  # a: 'b'\n  ---"},
      {"日本\n語", " |-\n  日本\n  語"},
  });
}

TEST_CASE("and double-quoted where it is not") {
  check({
      {"\n", R"( "\n")"},
      {"a\n\n", R"( "a\n\n")"},
      {"\na", R"( "\na")"},
      {" a\nb", R"( " a\nb")"},
      {"a \nb", R"( "a \nb")"},
      {"a\nb ", R"( "a\nb ")"},
      {"a\n \nb", R"( "a\n \nb")"},
      {"a\n\tb", R"( "a\n\tb")"},
      {"a\nb\u2028", R"( "a\nb\u2028")"},
      {"a\n\xff", R"( "a\n\uFFFD")"},
  });
}

TEST_CASE("keys are quoted as values are, and never literal") {
  const Map map = {
      {"app.kubernetes.io/part-of", 1}, {"on", 2}, {"y", 3}, {"8080", 4}, {"a\nb", 5}, {"", 6}, {"a: b", 7},
  };
  CHECK(to_string(map) == R"(app.kubernetes.io/part-of: 1
"on": 2
"y": 3
"8080": 4
"a\nb": 5
"": 6
"a: b": 7
)");
}

TEST_CASE("lists stand under their key, maps two columns in") {
  const Map map = {
      {"spec",
       Map{
           {"hosts", List{"a", "b"}},
           {"ports", List{Map{{"name", "http"}, {"tls", Map{{"mode", "X"}}}}, Map{{"list", List{1, 2}}, {"k", 1}}}},
       }},
      {"lists", List{List{1, List{2, 3}}, List{}, Map{}, List{Map{{"a", List{"b"}}, {"c", nullptr}}}}},
      {"texts", List{"a\nb", Map{{"text", "a\nb\n"}, {"k", 1}}, List{"a\nb"}}},
  };
  CHECK(to_string(map) == R"(spec:
  hosts:
  - a
  - b
  ports:
  - name: http
    tls:
      mode: X
  - list:
    - 1
    - 2
    k: 1
lists:
- - 1
  - - 2
    - 3
- []
- {}
- - a:
    - b
    c: null
texts:
- |-
  a
  b
- text: |
    a
    b
  k: 1
- - |-
    a
    b
)");
}

TEST_CASE("a document ends in one newline and follows what was there") {
  std::string out = "---\n";
  write({{"a", 1}}, out);
  CHECK(out == "---\na: 1\n");
  CHECK(to_string(Map{}) == "{}\n");
}

TEST_CASE("no line is wrapped") {
  const std::string words = std::string(5000, 'a') + " " + std::string(5000, 'b');
  CHECK(to_string({{"k", words}}) == "k: \"" + words + "\"\n");
}

}  // namespace
}  // namespace meshfed::yaml

#include "yaml/tree.hpp"

#include <doctest/doctest.h>

#include <string>

#include "yaml/reader.hpp"

using namespace meshfed::yaml;

namespace {

Tree tree_of(const std::string& text) {
  Tree tree = read_tree(text);
  REQUIRE_MESSAGE(tree.problem.empty(), tree.problem);
  return tree;
}

/// The bytes of the value at a path of keys.
std::string bytes_at(const std::string& text, std::initializer_list<std::string_view> path) {
  const Tree tree = tree_of(text);
  const Node* node = &tree.documents.front();
  for (const std::string_view key : path) {
    node = node->find(key);
    REQUIRE(node);
  }
  return text.substr(node->begin, node->end - node->begin);
}

std::string problem(const std::string& text) {
  const Tree tree = read_tree(text);
  CHECK(tree.documents.empty());
  return tree.problem + " at " + std::to_string(tree.begin);
}

}  // namespace

TEST_CASE("tree: scalars know their bytes") {
  CHECK(bytes_at("a: web\n", {"a"}) == "web");
  CHECK(bytes_at("a: \"w\\\"b\" # c\n", {"a"}) == "\"w\\\"b\"");
  CHECK(bytes_at("a: 'it''s'\n", {"a"}) == "'it''s'");
  CHECK(bytes_at("a: {b: 80, c: x}\n", {"a", "b"}) == "80");
  CHECK(bytes_at("ä: ö\nb: web\n", {"b"}) == "web");
  CHECK(bytes_at("a: &x !!str web\n", {"a"}) == "web");
  CHECK(bytes_at("a: one\n  two\nb: 1\n", {"a"}) == "one");
  CHECK(bytes_at("a: >\n  one\n", {"a"}) == ">");
  const std::string text = "---\na: 1\n---\n\"b c\": 2\n";
  const Node node = tree_of(text).documents.at(1).items.at(0);
  CHECK(text.substr(node.key_begin, node.key_end - node.key_begin) == "\"b c\"");
}

TEST_CASE("tree: scalars are of the kind that Kubernetes takes them for") {
  using Kind = Node::Kind;
  const std::pair<const char*, Kind> kCases[] = {
      {"yes", Kind::boolean},   {"~", Kind::null},       {"", Kind::null},        {"80", Kind::integer},
      {"\"80\"", Kind::string}, {"1.10", Kind::number},  {"0755", Kind::number},  {"0x1F", Kind::number},
      {"1e3", Kind::number},    {"1.2.3", Kind::string}, {"web-1", Kind::string}, {"-", Kind::null}};
  for (const auto& [text, kind] : kCases) {
    if (std::string(text) == "-") continue;
    CAPTURE(text);
    CHECK(tree_of(std::string("a: ") + text + "\n").documents[0].find("a")->kind == kind);
  }
}

TEST_CASE("tree: aliases stand for what is anchored, where that is written") {
  const std::string text = "a: &x {k: v}\nb: *x\nc: [*x, *x]\n";
  const Tree tree = tree_of(text);
  const Node* value = tree.documents[0].find("b")->find("k");
  REQUIRE(value);
  CHECK(text.substr(value->begin, 1) == "v");
  CHECK(tree.documents[0].find("c")->items.size() == 2);
}

TEST_CASE("tree: merged keys come last, and are overridden") {
  const Tree tree =
      tree_of("base: &x {a: 1, b: 2}\nnext: {<<: *x, a: 3}\nlist: {<<: [*x, {b: 4, c: 5}]}\nplain: {\"<<\": 1}\n");
  const Node* next = tree.documents[0].find("next");
  CHECK(next->find("a")->integer == 3);
  CHECK(next->find("b")->integer == 2);
  const Node* list = tree.documents[0].find("list");
  CHECK(list->find("b")->integer == 2);
  CHECK(list->find("c")->integer == 5);
  CHECK(tree.documents[0].find("plain")->find("<<"));
}

TEST_CASE("tree: anchors are those of their document") {
  CHECK(problem("a: &x 1\n---\nb: *x\n").find("at 15") != std::string::npos);
}

TEST_CASE("tree: what multiplies is refused") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j ? ", *a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  CHECK(problem(bomb).find("too many values") != std::string::npos);
  std::string deep = "# " + std::string(100000, 'x') + "\na0: &a0 [x]\n";  // a long text may hold many values
  for (int i = 1; i < 200; ++i)
    deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  CHECK(problem(deep).find("nested too deeply") != std::string::npos);
  CHECK(problem("a: &a [*a]\n").find("inside of what it stands for") != std::string::npos);
  CHECK(problem(std::string(kMaxDepth + 1, '[') + std::string(kMaxDepth + 1, ']')).find("nested too deeply") !=
        std::string::npos);
}

TEST_CASE("tree: what is not YAML is refused at its place") {
  CHECK(problem("a: 1\na: 2\n") == "the key stands twice in this map at 5");
  CHECK(problem("a: !mine 1\n").starts_with("tags are not supported"));
  CHECK(problem("*x : 1\n").ends_with("at 0"));
  CHECK(problem("a: [1\n").find("at") != std::string::npos);
  CHECK(problem("<<: 1\n") == "`<<` takes a map at 4");
  CHECK(tree_of("").documents.empty());
}

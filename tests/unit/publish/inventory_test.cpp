#include "publish/inventory.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/lines.hpp"

using meshfed::base::line_code;
using namespace meshfed::publish;
using Status = ParsedInventory::Status;

namespace {

const std::string kDigest(64, 'a');
const std::string kOther(64, 'b');
const std::string kHead = "meshfedc-lock 2 demo\n";

ParsedInventory parse_line(const std::string& line) { return parse_inventory(kHead + line + "\n"); }

}  // namespace

TEST_CASE("a lock is printed and read back") {
  meshfed::emit::Tree tree("east");
  tree.add("a/abc.mesh.yaml",
           meshfed::emit::content_of("abc", {"Service//a/x", "WorkloadEntry.networking.istio.io/a/y"}));
  tree.add("kustomization.yaml", meshfed::emit::content_of("list\na\n", {}), true);
  const Inventory lock = inventory_of("demo", tree);
  const std::string text =
      "meshfedc-lock 2 demo\n"
      "a/abc.mesh.yaml ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ~" +
      line_code("abc") +
      " Service//a/x WorkloadEntry.networking.istio.io/a/y\n"
      "kustomization.yaml\n " +
      line_code("list") + "\n " + line_code("a") + "\n";
  CHECK(print(lock) == text);
  const ParsedInventory parsed = parse_inventory(text);
  CHECK(parsed.status == Status::good);
  CHECK(parsed.lock == lock);
  CHECK(parse_inventory(kHead).lock == Inventory{"demo", {}});
}

TEST_CASE("a lock that two branches were merged into is understood") {
  const ParsedInventory parsed =
      parse_inventory(kHead + "b " + kDigest + "\na " + kOther + "\na " + kDigest + "\na " + kOther + "\n");
  REQUIRE(parsed.status == Status::good);
  CHECK(print(parsed.lock) == kHead + "a " + kDigest + "\na " + kOther + "\nb " + kDigest + "\n");
}

TEST_CASE("where Git could not merge, what either side says counts, and what both come from") {
  const std::string ours = "a " + kDigest + "\nkustomization.yaml\n " + line_code("1") + "\n";
  const std::string theirs = "b " + kDigest + "\nkustomization.yaml\n " + line_code("2") + "\n";
  const std::string common = "kustomization.yaml\n " + line_code("0") + "\n";
  const Inventory both = merge(parse_inventory(kHead + ours).lock, parse_inventory(kHead + theirs).lock);
  const std::string plain = "<<<<<<< HEAD\n" + ours + "=======\n" + theirs + ">>>>>>> branch\n";
  CHECK(parse_inventory(kHead + plain).lock == both);
  const Inventory all = merge(both, parse_inventory(kHead + common).lock);
  const std::string deeper = "<<<<<<<<< x\n" + common + "=========\n>>>>>>>>> y\n";
  CHECK(parse_inventory(kHead + "<<<<<<< HEAD\n" + ours + "||||||| 123\n" + deeper + "=======\n" + theirs +
                        ">>>>>>> branch\n")
            .lock == all);
  const std::string heads = "<<<<<<< HEAD\nmeshfedc-lock 1 demo\n=======\n" + kHead + ">>>>>>> branch\n";
  CHECK(parse_inventory(heads + ours).lock == parse_inventory(kHead + ours).lock);
  CHECK(parse_inventory(kHead + ours + kHead + theirs).lock.entries.size() == 4);  // merge=union
  CHECK(parse_inventory("<<<<<<< HEAD\n").status == Status::bad);
  CHECK(parse_inventory("<<<<<<< HEAD\n" + kHead + "=======\nmeshfedc-lock 2 other\n>>>>>>> b\n").status ==
        Status::bad);
  CHECK(parse_inventory(kHead + "<<<<<<< HEAD\n../x " + kDigest + "\n=======\n>>>>>>> b\n").status == Status::bad);
}

TEST_CASE("merge keeps what either lock says") {
  const Inventory before = {"demo", {{"a", kDigest, {"x"}}, {"b", kDigest, {}}}};
  const Inventory after = {"demo", {{"a", kOther, {}}, {"b", kDigest, {}}, {"c", kDigest, {}}}};
  const Inventory both = {"demo", {{"a", kDigest, {"x"}}, {"a", kOther, {}}, {"b", kDigest, {}}, {"c", kDigest, {}}}};
  CHECK(merge(before, after) == both);
  CHECK(merge(after, after) == after);
}

TEST_CASE("no line of a lock names anything outside the cluster's directory, or of others in it") {
  const std::string paths[] = {"/etc/passwd",
                               "../west/a",
                               "a/../b",
                               "a/./b",
                               "a//b",
                               "/a",
                               "a/",
                               "",
                               ".",
                               "..",
                               ".git/x",
                               "a/.b",
                               "-a",
                               "a/-rf",
                               "A",
                               "a_b",
                               "a\\b",
                               "c:/a",
                               "a\tb",
                               "a.",
                               "a/b./c",
                               "\xC3\xA9",
                               ".meshfedc.lock",
                               "a/.meshfedc.tmp-0",
                               "a\x1b[2J",
                               std::string("a\0b", 3),
                               std::string(256, 'a'),
                               std::string(255, 'a') + "/" + std::string(255, 'a') + "/" + std::string(255, 'a') + "/" +
                                   std::string(255, 'a') + "/a"};
  for (const std::string& path : paths) {
    CAPTURE(path);
    const ParsedInventory parsed = parse_line(path + " " + kDigest);
    CHECK(parsed.status == Status::bad);
    CHECK(parsed.detail.starts_with("line 2: "));
    CHECK(parsed.detail.find('\x1b') == std::string::npos);
    CHECK(parsed.detail.size() < 500);
  }
  CHECK(parse_line("0.a-b/" + std::string(200, 'c') + ".yaml " + kDigest).status == Status::good);
}

TEST_CASE("broken lines") {
  const std::string lines[] = {"",
                               "a ",
                               "a " + kDigest.substr(1),
                               "a " + kDigest + "a",
                               "a " + std::string(64, 'A'),
                               "a " + std::string(64, 'g'),
                               "a  " + kDigest,
                               "a " + kDigest + " ",
                               "a " + kDigest + "  x",
                               "a " + kDigest + " x\ty",
                               "a " + kDigest + " x\x7F",
                               "a " + kDigest + " \xC3\xA9",
                               "a " + kDigest + " " + std::string(1025, 'x'),
                               "a " + kDigest + " ~abcd ~",
                               " abcde",
                               "meshfedc-lock 2 other",
                               "meshfedc-lock 2"};
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(parse_line(line).status == Status::bad);
  }
}

TEST_CASE("headers") {
  const struct {
    std::string text;
    Status status;
  } rows[] = {
      {"meshfedc-lock 1 demo\n", Status::good},
      {"meshfedc-lock 2 demo\n", Status::good},
      {"meshfedc-lock 3 demo\n", Status::newer},
      {"meshfedc-lock 17 demo and more\nanything\n", Status::newer},
      {"meshfedc-lock 0 demo\n", Status::bad},
      {"meshfedc-lock 01 demo\n", Status::bad},
      {"meshfedc-lock 99999999999999999999 demo\n", Status::bad},
      {"meshfedc-lock -1 demo\n", Status::bad},
      {"meshfedc-lock 1\n", Status::bad},
      {"meshfedc-lock 1 \n", Status::bad},
      {"meshfedc-lock 1 demo \n", Status::bad},
      {"meshfedc-lock 1 Demo\n", Status::bad},
      {"meshfedc-lock 1 ../demo\n", Status::bad},
      {"meshfedc-lock 1 demo\r\n", Status::good},
      {"meshfedc-lock  1 demo\n", Status::bad},
      {"\xEF\xBB\xBFmeshfedc-lock 1 demo\n", Status::bad},
      {"other 1 demo\n", Status::bad},
      {"\n", Status::bad},
      {"", Status::bad},
      {"meshfedc-lock 1 demo", Status::bad},
      {"meshfedc-lock 1 demo\na " + kDigest, Status::bad},  // cut off
      {std::string(100000, '\0'), Status::bad},
      {std::string(kMaxLockBytes + 1, '\n'), Status::bad},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text.substr(0, 60));
    const ParsedInventory parsed = parse_inventory(row.text);
    CHECK(parsed.status == row.status);
    CHECK(parsed.detail.empty() == (row.status == Status::good));
  }
}

TEST_CASE("a tree's lock can be printed directly, and its paths be read back") {
  meshfed::emit::Tree tree("east");
  tree.add("a/abc.mesh.yaml", meshfed::emit::content_of("abc", {"Service/a/x"}));
  tree.add("kustomization.yaml", meshfed::emit::content_of("list\na\n", {}), true);
  CHECK(print_inventory("demo", tree) == print(inventory_of("demo", tree)));
  const std::string twice =
      print(merge({"demo", {{"a/abc.mesh.yaml", std::string(64, '0'), {}}}}, inventory_of("demo", tree)));
  CHECK(paths_of(twice) == std::vector<std::string_view>{"a/abc.mesh.yaml", "kustomization.yaml"});
}

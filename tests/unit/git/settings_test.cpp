#include "git/settings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "git/config_text.hpp"
#include "git/wildmatch.hpp"
#include "support/memory_fs.hpp"

using namespace meshfed;
using namespace meshfed::git;
using meshfed::testing::MemoryFs;

namespace {

/// "key=value" of each entry, a line each, and the bad line.
std::string entries_of(std::string_view text) {
  const ConfigText parsed = parse_config(text);
  std::string all;
  for (const ConfigEntry& entry : parsed.entries) {
    all += entry.key;
    if (entry.value) all += "=" + *entry.value;
    all += "\n";
  }
  if (parsed.bad_line != 0) all += "line " + std::to_string(parsed.bad_line) + "\n";
  return all;
}

TEST_CASE("a file has sections with keys, and values with quotes, escapes and comments") {
  CHECK(entries_of("") == "");
  CHECK(entries_of("# c\n; c\n\n[User]\n\tName = A  B \n") == "user.name=A  B\n");
  CHECK(entries_of("[a] b\n[a]c=\n[a \"B.c\"] D = 1") == "a.b\na.c=\na.B.c.d=1\n");
  CHECK(entries_of("[A.B]c=d") == "a.b.c=d\n");
  CHECK(entries_of("[a \"q\\\"\\\\x\"]b=c") == "a.q\"\\x.b=c\n");
  CHECK(entries_of("[a]b = \" c \" ; d\n[a]e=f # g") == "a.b= c \na.e=f\n");
  CHECK(entries_of("[a]b = c \\\n  d\n[a]e = \"f\\n\\t\\\"\\\\\"") == "a.b=c   d\na.e=f\n\t\"\\\n");
  CHECK(entries_of("\xEF\xBB\xBF[a]\r\nb=c\r\nd\r\n") == "a.b=c\na.d\n");
  CHECK(entries_of("[a]b=c\\") == "a.b=c\n");
  CHECK(entries_of("[a]\nb=c\nd e\n[f]g=h") == "a.b=c\nline 3\n");
  for (const char* bad :
       {"[", "[]", "[a", "[a b]", "[a \"b]", "[a \"b\" ]", "[a]1=2", "[a]b_c=1", "[a]b=\"c\n", "[a]b=\\x"}) {
    CAPTURE(bad);
    CHECK(entries_of(bad) == "line 1\n");
  }
}

TEST_CASE("the parameters of `git -c` are what Git's own quoting gives") {
  using Entries = std::vector<ConfigEntry>;
  CHECK(parse_config_parameters("") == Entries{});
  CHECK(parse_config_parameters("'a.b'='c'") == Entries{{"a.b", "c"}});
  CHECK(parse_config_parameters(" 'A.X.B'='c d'  'e.f'=") == Entries{{"a.X.b", "c d"}, {"e.f", std::nullopt}});
  CHECK(parse_config_parameters("'a.b=c=d' 'e.f'") == Entries{{"a.b", "c=d"}, {"e.f", std::nullopt}});
  CHECK(parse_config_parameters("'a.b'='it'\\''s'\\!''") == Entries{{"a.b", "it's!"}});
  for (const char* bad : {"a.b=c", "'a.b", "'a'", "'a.b'x", "'a.b'='c", "'a.b'='c'd", "'a.1'='c'", "'a.b'=c"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_config_parameters(bad));
  }
}

TEST_CASE("a truth value is a word or a number") {
  for (const char* yes : {"true", "Yes", "ON", "1", "-1", "+2k"}) CHECK(parse_bool(yes) == true);
  for (const char* no : {"false", "No", "oFF", "0", "0g", ""}) CHECK(parse_bool(no) == false);
  for (const char* neither : {"perhaps", "1x", "k", "truee", "99999999999999999999"}) CHECK_FALSE(parse_bool(neither));
  CHECK(parse_bool(std::nullopt) == true);
}

TEST_CASE("patterns match as gitignore(5) says") {
  for (const auto& [pattern, text] : std::vector<std::pair<const char*, const char*>>{{"a", "a"},
                                                                                      {"*", ""},
                                                                                      {"*", "ab"},
                                                                                      {"a*c", "abc"},
                                                                                      {"a/*/c", "a/b/c"},
                                                                                      {"**", "a/b"},
                                                                                      {"**/c", "c"},
                                                                                      {"**/c", "a/b/c"},
                                                                                      {"a/**", "a/b/c"},
                                                                                      {"a/**/c", "a/c"},
                                                                                      {"a/**/c", "a/b/b/c"},
                                                                                      {"a**", "ab"},
                                                                                      {"?b", "ab"},
                                                                                      {"[a-c]", "b"},
                                                                                      {"[!a-c]", "d"},
                                                                                      {"[^a]", "b"},
                                                                                      {"[]a]", "]"},
                                                                                      {"[[:digit:]x]", "7"},
                                                                                      {"[\\]]", "]"},
                                                                                      {"\\*", "*"},
                                                                                      {"*.x/**", "a.x/b"}}) {
    CAPTURE(pattern);
    CHECK(wildmatch(pattern, text));
  }
  for (const auto& [pattern, text] : std::vector<std::pair<const char*, const char*>>{{"a", "b"},
                                                                                      {"", "a"},
                                                                                      {"*", "a/b"},
                                                                                      {"a/*", "a/b/c"},
                                                                                      {"a**", "a/b"},
                                                                                      {"a/**", "a"},
                                                                                      {"?", "/"},
                                                                                      {"[!a]", "/"},
                                                                                      {"[a", "a"},
                                                                                      {"[a-", "a"},
                                                                                      {"a\\", "a\\"},
                                                                                      {"A", "a"},
                                                                                      {"[[:x:]]", "x"}}) {
    CAPTURE(pattern);
    CHECK_FALSE(wildmatch(pattern, text));
  }
  CHECK(wildmatch("A[B-C]*", "abX", Case::ignored));
  CHECK(wildmatch("[[:upper:]]", "a", Case::ignored));
  const std::string stars(500, '*');
  std::string many;
  for (int i = 0; i < 500; ++i) many += "*a";
  CHECK_FALSE(wildmatch(many + "b", std::string(3000, 'a')));  // at once
  CHECK(wildmatch(stars, "a/b"));
  CHECK_FALSE(wildmatch("**", std::string(5000, 'a')));  // no path
}

struct Scene {
  MemoryFs fs;
  ConfigPlace place{"/r/.git", "/r/.git", "/r", "main"};
  Environment environment{.variables = {{"HOME", "/home"}, {"GIT_CONFIG_NOSYSTEM", "1"}}};

  Scene() { fs.put("/r/.git/config", "[user]\n\tname = local\n"); }

  std::variant<Settings, Problem> read() { return read_settings(fs, place, environment); }
  std::string name() {
    const auto settings = read();
    if (const auto* problem = std::get_if<Problem>(&settings)) return "problem: " + problem->detail;
    return std::get<Settings>(settings).text("user.name");
  }
};

TEST_CASE("sources come in Git's order, and the last one counts") {
  Scene scene;
  CHECK(scene.name() == "local");
  scene.fs.put("/home/.gitconfig", "[user]\n\tname = user\n");
  scene.fs.put("/home/.config/git/config", "[user]\n\tname = xdg\n");
  CHECK(scene.name() == "local");
  scene.fs.put("/r/.git/config", "");
  CHECK(scene.name() == "user");
  scene.fs.erase("/home/.gitconfig");
  CHECK(scene.name() == "xdg");
  scene.environment.variables["XDG_CONFIG_HOME"] = "/x";
  CHECK(scene.name() == "");
  scene.environment.variables["GIT_CONFIG_NOSYSTEM"] = "no";
  scene.environment.variables["GIT_CONFIG_SYSTEM"] = "/system";
  scene.fs.put("/system", "[user]\n\tname = system\n");
  CHECK(scene.name() == "system");
  scene.fs.put("/r/.git/config", "[extensions]\n\tworktreeConfig\n");
  scene.fs.put("/r/.git/config.worktree", "[user]\n\tname = tree\n");
  CHECK(scene.name() == "tree");
  scene.environment.variables["GIT_CONFIG_PARAMETERS"] = "'user.name'='given'";
  CHECK(scene.name() == "given");
}

TEST_CASE("what cannot be read is a problem") {
  Scene scene;
  const auto says = [&](const std::string& config) {
    scene.fs.put("/r/.git/config", config);
    return scene.name();
  };
  CHECK(says("[user]\nname\n[x") == "problem: `/r/.git/config` has a mistake in line 3");
  CHECK(says("[include]\npath") == "problem: `include.path` names no file");
  CHECK(says("[include]\npath = ~who/x").starts_with("problem: `~who/x` starts"));
  CHECK(says("[include]\npath = config") == "problem: `/r/.git/config` is included more than 10 files deep");
  CHECK(says("[includeIf \"moon:full\"]\npath = x").starts_with("problem: `includeIf \"moon:full\"` is a condition"));
  CHECK(says("[include]\npath = d").empty());
  scene.fs.put_directory("/r/.git/d");
  CHECK(says("[include]\npath = d") == "problem: `/r/.git/d`: Is a directory");
  CHECK(says("[extensions]\nworktreeConfig = true").empty());
  scene.fs.put("/r/.git/config.worktree", "[core]\nbare = true\n");
  CHECK(says("[extensions]\nworktreeConfig = true").starts_with("problem: `core.bare` is set in"));
  scene.environment.variables["GIT_CONFIG_COUNT"] = "1";
  CHECK(says("") == "problem: `GIT_CONFIG_KEY_0` is not the name of a setting");
  scene.environment.variables["GIT_CONFIG_KEY_0"] = "include.path";
  CHECK(says("") == "problem: `GIT_CONFIG_VALUE_0` is not set");
  scene.environment.variables["GIT_CONFIG_VALUE_0"] = "x";
  CHECK(says("") == "problem: `include.path` is a relative path that is not set in a file");
  scene.environment.variables["GIT_CONFIG_COUNT"] = "4294967296";
  CHECK(says("").starts_with("problem: `GIT_CONFIG_COUNT`"));
  scene.environment.variables["GIT_CONFIG_NOSYSTEM"] = "maybe";
  CHECK(says("").starts_with("problem: `GIT_CONFIG_NOSYSTEM`"));
}

TEST_CASE("a flag is true, false, or a problem") {
  const auto is = [](ConfigEntry entry) { return flag({{std::move(entry)}}, "commit.gpgsign"); };
  CHECK(std::get<bool>(is({"commit.gpgsign", std::nullopt})));
  CHECK_FALSE(std::get<bool>(is({"commit.gpgsign", "off"})));
  CHECK_FALSE(std::get<bool>(is({"other.key", "on"})));
  CHECK(std::get<Problem>(is({"commit.gpgsign", "x"})).kind == Problem::Kind::bad_setting);
}

}  // namespace

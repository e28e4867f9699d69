#include "base/closest.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

using meshfed::base::closest;
using meshfed::base::edit_distance;

namespace {

std::string best(std::string_view name, const std::vector<std::string>& candidates) {
  return std::string(closest(name, candidates).value_or("-"));
}

// The textbook's table, without any short cut.
std::size_t slow_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

TEST_CASE("closest proposes what was probably meant") {
  const struct {
    std::string_view name;
    std::vector<std::string> candidates;
    std::string_view expected;
  } rows[] = {
      {"wset", {"east", "west"}, "west"},  // a swap is one edit
      {"netwrok", {"mesh", "network"}, "network"},
      {"West", {"west", "wast"}, "west"},  // capitals are no edit
      {"west", {"west"}, "-"},             // itself is no proposal
      {"ab", {"cd", "xb"}, "xb"},          // one edit for up to three letters
      {"abc", {"axy"}, "-"},
      {"abcdefg", {"abcdexy"}, "abcdexy"},  // two for up to seven
      {"abcdefg", {"abcdxyz"}, "-"},
      {"abcdefgh", {"abcdexyz"}, "abcdexyz"},  // three beyond
      {"abcdefgh", {"abcdwxyz"}, "-"},
      {"a", {"b"}, "-"},  // nothing in common
      {"a", {"ab"}, "ab"},
      {"", {"a"}, "-"},
      {"", {}, "-"},
      {"gateway", {"gateway.port", "getaway"}, "getaway"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(best(row.name, row.candidates) == row.expected);
  }
}

TEST_CASE("closest does not depend on the order of the candidates") {
  std::vector<std::string> candidates = {"cat", "bat", "hat", "rat", "oats"};
  std::sort(candidates.begin(), candidates.end());
  do {
    CHECK(best("xat", candidates) == "bat");
  } while (std::next_permutation(candidates.begin(), candidates.end()));
}

TEST_CASE("edit_distance agrees with the textbook up to its limit") {
  std::mt19937 random(1);  // NOLINT: the same strings in every run
  const auto word = [&] {
    std::string out(random() % 9, 'a');
    for (char& c : out) c = static_cast<char>('a' + random() % 3);
    return out;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::string a = word();
    const std::string b = word();
    for (std::size_t limit = 0; limit <= 4; ++limit) {
      CAPTURE(a);
      CAPTURE(b);
      CAPTURE(limit);
      REQUIRE(edit_distance(a, b, limit) == std::min(slow_distance(a, b), limit + 1));
    }
  }
}

TEST_CASE("edit_distance of long texts") {
  const std::string text(1000, 'x');
  CHECK(edit_distance(text + "abc" + text, text + "acb" + text, 3) == 1);
  CHECK(edit_distance("a" + text + "b", "b" + text + "a", 3) == 2);
  CHECK(edit_distance(text, text + "aaaa", 3) == 4);
}

TEST_CASE("closest is quick enough for every export of a large federation") {
  std::vector<std::string> names;
  for (int i = 0; i < 200000; ++i)
    names.push_back("service-" + std::to_string(i * 7919 % 1000003) + ".team.mesh.global");
  const auto start = std::chrono::steady_clock::now();
  CHECK(closest("service-x.team.mesh.globl", names).has_value());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));  // sanitized, on a busy machine
}

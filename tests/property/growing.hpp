// How the work of a run is counted while one thing in its input grows: basic blocks that are entered, and bytes that
// are allocated. What libraries do apart from allocating, such as comparing long strings, is not seen.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "diag/checkout.hpp"
#include "diag/render_github.hpp"
#include "diag/render_json.hpp"
#include "diag/render_sarif.hpp"
#include "diag/render_text.hpp"
#include "driver/compile.hpp"
#include "support/memory_fs.hpp"
#include "support/work.hpp"

namespace meshfed::testing {

using Files = std::map<std::string, std::string>;  // by path

/// A federation of two meshes and one export, with a line more in some of its tables, and tables more at its end.
struct Small {
  std::string top = {}, defaults = {}, east = {}, west = {}, exported = {}, tables = {};

  std::string text() const {
    return "version = 1\n" + top + "[federation]\nname = \"small\"\n" +
           "[defaults]\nistio = \"1.31\"\ndns_capture = true\nmtls = \"strict\"\n" + defaults +
           "[mesh.east]\ntrust_domain = \"east.example\"\n[mesh.west]\ntrust_domain = \"west.example\"\n" +
           "[network.east-vpc]\n[network.west-vpc]\n" +
           "[cluster.east-1]\nmesh = \"east\"\nnetwork = \"east-vpc\"\ngateway.addresses = [\"203.0.113.1\"]\n" + east +
           "[cluster.west-1]\nmesh = \"west\"\nnetwork = \"west-vpc\"\ngateway.addresses = [\"203.0.113.2\"]\n" + west +
           "[export.orders]\nnamespace = \"shop\"\ncanonical_name = \"orders\"\n" + exported + tables;
  }
  operator Files() const { return {{"federation.toml", text()}}; }
};

inline const std::string kPorts = "ports = [{ name = \"http\", number = 80 }]\n";
inline const std::string kFrom = "from = [\"east-1\"]\n";
inline const std::string kTo = "to = [\"west-1\"]\n";
inline const std::string kAccounts = "service_accounts = [\"orders\"]\n";
inline const std::string kOrders = kPorts + kFrom + kTo + kAccounts;
inline const std::string kRouter =
    "[network.r]\n[cluster.r]\nmesh = \"east\"\nnetwork = \"r\"\ngateway.router.addresses = [\"203.0.113.3\"]\n";

/// `piece(i)` for each i below n, in a row.
inline std::string repeat(std::size_t n, const std::function<std::string(std::size_t)>& piece) {
  std::string all;
  for (std::size_t i = 0; i < n; ++i) all += piece(i);
  return all;
}

/// `key = ["…", …]`, each item made of `format` and its number.
inline std::string list(const char* key, std::size_t n, const char* format) {
  return fmt::format("{} = [{}]\n", key, repeat(n, [&](std::size_t i) {
                       return fmt::format("\"{}\", ", fmt::format(fmt::runtime(format), i));
                     }));
}

inline std::string address(std::size_t i) {
  return fmt::format("198.{}.{}.{}", 18 + i / 62500, i / 250 % 250, 1 + i % 250);
}

/// Clusters c0, c1, … of a mesh, each on a network of its own (n0, n1, …) and with a gateway.
inline std::string clusters(std::size_t n, const char* mesh, const std::string& lines = {}) {
  return repeat(n, [&](std::size_t i) {
    return fmt::format(
        "[network.n{0}]\negress_port = {3}\n"
        "[cluster.c{0}]\nmesh = \"{1}\"\nnetwork = \"n{0}\"\ngateway.addresses = [\"{2}\"]\n{4}",
        i, mesh, address(i), 20000 + i, lines);
  });
}

inline std::string exports(std::size_t n, const std::string& lines = kOrders) {
  return repeat(n, [&](std::size_t i) {
    return fmt::format("[export.e{}]\nnamespace = \"shop\"\ncanonical_name = \"e{}\"\n{}", i, i, lines);
  });
}

/// One thing that grows, by its number.
struct Growing {
  const char* what;
  std::size_t most;  // how many the test makes of it
  std::function<Files(std::size_t)> files;
};

struct Outcome {
  Work work;
  std::size_t errors = 0;
  std::string text;         // of the first reports
  std::size_t largest = 0;  // bytes of the longest other form of the reports
};

enum class Forms { json, all };

inline Outcome run(const Files& files, Forms forms = Forms::json) {
  MemoryFs fs;
  for (const auto& [path, text] : files) fs.put(path, text);
  const Work before = work_so_far();
  Outcome outcome;
  {
    source::Manager sources;
    diag::Sink sink;
    const auto checked = driver::analyse(fs, "federation.toml", sources, sink, 1);
    sink.finish();
    if (checked) {
      emit::Store store;
      for (model::ClusterId id = 0; id < checked->resolved().clusters.size(); ++id)
        driver::compile(*checked, id, store);
    }
    outcome.errors = sink.errors();
    outcome.largest = diag::render_json(sink, sources).size();
    const Work after = work_so_far();
    outcome.work = {after.blocks - before.blocks, after.allocated - before.allocated};
    if (forms == Forms::json) return outcome;
    outcome.text = diag::render_text(sink, sources, {});
    for (const std::string& form : {diag::render_github(sink, sources, {}), diag::render_sarif(sink, sources, {}, "0")})
      outcome.largest = std::max(outcome.largest, form.size());
  }
  return outcome;
}

/// From n to 2n, what is linear grows by half as much as from 2n to 4n; what is quadratic, by a quarter.
inline constexpr double kMostGrowth = 2.6;
/// A list that doubles its room may do so for the last time just before or just after the end.
inline constexpr double kMostGrowthOfBytes = 3;

inline double growth(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return static_cast<double>(c - std::min(b, c)) / static_cast<double>(std::max(b, a + 1) - a);
}

inline void check_growth(const Growing& growing) {
  const Work a = run(growing.files(growing.most / 4)).work;
  const Work b = run(growing.files(growing.most / 2)).work;
  const Work c = run(growing.files(growing.most)).work;
  CHECK_MESSAGE(growth(a.blocks, b.blocks, c.blocks) < kMostGrowth,
                fmt::format("{}: blocks: {} {} {}", growing.what, a.blocks, b.blocks, c.blocks));
  CHECK_MESSAGE(growth(a.allocated, b.allocated, c.allocated) < kMostGrowthOfBytes,
                fmt::format("{}: bytes: {} {} {}", growing.what, a.allocated, b.allocated, c.allocated));
}

inline void check_right(const std::vector<Growing>& all) {
  for (const Growing& growing : all) {
    const Outcome few = run(growing.files(2), Forms::all);
    REQUIRE_MESSAGE(few.errors == 0, growing.what << "\n" << few.text);
    check_growth(growing);
  }
}

inline void check_bounded(const std::vector<Growing>& all) {
  for (const Growing& growing : all) {
    const Outcome outcome = run(growing.files(3 * growing.most), Forms::all);
    CHECK_MESSAGE(outcome.text.size() > 1, growing.what);
    CHECK_MESSAGE(outcome.text.size() < 200'000, growing.what);
    CHECK_MESSAGE(outcome.largest < 4'000'000, growing.what);
  }
}

}  // namespace meshfed::testing

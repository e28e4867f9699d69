// What holds for every federation: 1,000 random ones, whose seed is printed when one of them does not.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <locale>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>

#include "base/pool.hpp"
#include "diag/render_text.hpp"
#include "diff/compare.hpp"
#include "diff/lookup.hpp"
#include "driver/compile.hpp"
#include "parse/keys.hpp"
#include "property/seeds.hpp"
#include "publish/inspect.hpp"
#include "publish/prepare.hpp"
#include "support/memory_fs.hpp"
#include "support/random.hpp"
#include "support/random_edit.hpp"
#include "support/random_federation.hpp"
#include "yaml/writer.hpp"

namespace meshfed::testing {
namespace {

constexpr std::uint64_t kFederations = 1000;

struct Compiled {
  std::unique_ptr<emit::Store> store = std::make_unique<emit::Store>();
  std::vector<emit::Tree> trees = {};     // by cluster
  std::vector<emit::Tree> installs = {};  // by cluster: empty where nobody installs it
  std::vector<std::string> sources = {};  // by cluster: digests of what it was compiled from
  std::string errors = {};                // empty if there are none
};

Compiled compile(const std::map<std::string, std::string>& files, unsigned jobs) {
  MemoryFs fs;
  for (const auto& [path, text] : files) fs.put(path, text);
  source::Manager sources;
  diag::Sink sink;
  const auto checked = driver::analyse(fs, "federation.toml", sources, sink, jobs);
  sink.finish();
  if (!checked) return {.errors = diag::render_text(sink, sources, {})};
  Compiled compiled;
  compiled.trees.resize(checked->resolved().clusters.size());
  compiled.installs.resize(compiled.trees.size());
  for (model::ClusterId id = 0; id < compiled.trees.size(); ++id)
    compiled.sources.push_back(driver::source_digest(checked->resolved(), id));
  base::for_each_index(compiled.trees.size(), jobs, [&](std::size_t i) {
    const auto id = static_cast<model::ClusterId>(i);
    compiled.trees[i] = driver::compile(*checked, id, *compiled.store);
    if (checked->resolved().installs(id))
      compiled.installs[i] = driver::compile(*checked, id, *compiled.store, driver::Part::install);
  });
  return compiled;
}

Compiled compile_seed(std::uint64_t seed) { return compile(random_federation(seed).files(), 1); }

bool same_output(const Compiled& one, const Compiled& other) {
  return one.trees == other.trees && one.installs == other.installs;
}

/// The first cluster of a hundred federations, where it has the part: its objects, and as files.
template <class Check>
void for_each_plan(driver::Part part, Check check) {
  for_each_checked(100, [&](const check::Checked& checked) {
    emit::Store store;
    if (part == driver::Part::federation || checked.resolved().installs(0))
      check(driver::plan(checked, 0, part), driver::compile(checked, 0, store, part));
  });
}

constexpr std::array kParts = {driver::Part::federation, driver::Part::install};

/// Groups digits and swaps the decimal point: what a locale could do to numbers in output.
class Punctuation final : public std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

void collect_keys(const parse::Table& table, std::set<std::string>& keys) {
  for (const parse::Key& key : table.keys) keys.insert(std::string(key.name));
}

TEST_CASE("every random federation compiles, and no object stands twice in a cluster") {
  for_each_seed(kFederations, [](std::uint64_t seed) {
    const Compiled compiled = compile_seed(seed);
    CHECK_MESSAGE(compiled.errors.empty(), compiled.errors);
    CHECK(!compiled.trees.empty());
    for (const std::vector<emit::Tree>* trees : {&compiled.trees, &compiled.installs}) {
      for (const emit::Tree& tree : *trees) {
        std::set<std::string> ids;
        for (const emit::OutputFile& file : tree.files) {
          for (const std::string& id : file.content->object_ids) CHECK_MESSAGE(ids.insert(id).second, id);
        }
      }
    }
  });
}

TEST_CASE("every key of the language appears in them") {
  std::string all;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + kFederations; ++seed) {
    for (const auto& [path, text] : random_federation(seed).files()) all += text;
  }
  std::set<std::string> keys;
  for (const parse::Table* table : parse::all_tables()) collect_keys(*table, keys);
  for (const std::string& key : keys) CHECK_MESSAGE(all.find(key) != std::string::npos, key);
}

/// Compiled while numbers look as they do in another locale.
Compiled compile_abroad(const std::map<std::string, std::string>& files, unsigned jobs) {
  const std::locale before = std::locale::global(std::locale(std::locale(), new Punctuation));
  Compiled compiled = compile(files, jobs);
  std::locale::global(before);
  return compiled;
}

/// Everything at once: what depends on any of it differs. Then each alone says on which.
TEST_CASE("output does not depend on the order of tables and keys, on the number of threads, or on the locale") {
  for_each_seed(kFederations, [](std::uint64_t seed) {
    const RandomFederation federation = random_federation(seed);
    const Compiled plain = compile(federation.files(), 1);
    const Compiled other = compile_abroad(federation.files(seed + 7), 16);
    CHECK(plain.sources == other.sources);
    if (same_output(plain, other)) return;
    CHECK(same_output(plain, compile(federation.files(seed + 7), 1)));
    CHECK(same_output(plain, compile(federation.files(), 16)));
    CHECK(same_output(plain, compile_abroad(federation.files(), 1)));
    FAIL_CHECK("output depends on the order, the threads or the locale");
  });
}

TEST_CASE("what is found in manifests means what it means when it is written out") {
  std::size_t found = 0;
  for_each_seed(kFederations, [&](std::uint64_t seed) {
    const RandomFederation federation = random_federation(seed);
    if (federation.manifests.empty()) return;
    ++found;
    CHECK(same_output(compile(federation.files(), 1), compile(random_federation(seed, Said::written).files(), 1)));
  });
  CHECK(found > 0);
}

/// Clusters of the same name, before and after: `visit(before, after)`, by index.
template <class Visit>
void each_same_cluster(const Compiled& before, const Compiled& after, Visit visit) {
  for (std::size_t i = 0; i < before.trees.size(); ++i) {
    for (std::size_t j = 0; j < after.trees.size(); ++j)
      if (before.trees[i].cluster == after.trees[j].cluster) visit(i, j);
  }
}

TEST_CASE("a cluster whose digest of the source is what it was has the files that it had, whatever was edited") {
  std::array<std::size_t, kEditKinds> compared{}, same{};
  for_each_seed(kFederations, [&](std::uint64_t seed) {
    const RandomFederation federation = random_federation(seed);
    const Compiled before = compile(federation.files(), 1);
    const Edit edit = random_edit(federation, seed, seed);
    INFO(edit.what);
    const Compiled after = compile(edit.result.files(), 1);
    each_same_cluster(before, after, [&](std::size_t i, std::size_t j) {
      ++compared[seed % kEditKinds];
      if (before.sources[i] != after.sources[j]) return;
      ++same[seed % kEditKinds];
      CHECK(before.trees[i] == after.trees[j]);
    });
  });
  for (const std::size_t count : compared) CHECK(count > 0);  // of each kind some were right
  CHECK(std::accumulate(same.begin(), same.end(), std::size_t{0}) > tried_of(kFederations) / 4);
}

/// Exports, by id.
using Reaching = std::set<model::ExportId>;

/// A list of `imports` without the exports that stay away.
std::string without_exports(std::string list, const model::ResolvedFederation& resolved, const Reaching& reaching) {
  for (model::ExportId id = 0; id < resolved.exports.size(); ++id) {
    const std::string quoted = fmt::format("\"{}\"", *resolved.exported(id).name);
    const std::size_t at = list.find(quoted);
    if (at == std::string::npos || reaching.contains(id)) continue;
    list.erase(at, quoted.size());
    if (list.compare(at, 2, ", ") == 0)
      list.erase(at, 2);
    else if (list.compare(at - 2, 2, ", ") == 0)
      list.erase(at - 2, 2);
  }
  return list;
}

/// The federation without what is said of exports that stay away.
Compiled compile_only(const Reaching& reaching, std::uint64_t seed, const model::ResolvedFederation& resolved) {
  RandomFederation fewer = random_federation(seed);
  const auto stays_away = [&](const TomlTable& table) {
    return table.header.starts_with("export.") &&
           !reaching.contains(resolved.find_export(table.header.substr(table.header.find('.') + 1)));
  };
  std::erase_if(fewer.tables, stays_away);
  for (auto& [path, tables] : fewer.fragments) std::erase_if(tables, stays_away);
  for (TomlTable& table : fewer.tables)  // nor may `imports` name them
    for (std::string& line : table.lines)
      if (line.starts_with("imports = [")) line = without_exports(line, resolved, reaching);
  return compile(fewer.files(), 1);
}

/// The tree of that cluster; none if nothing was compiled.
const emit::Tree* tree_of(const std::vector<emit::Tree>& trees, const std::string& cluster) {
  const auto found = std::ranges::find(trees, cluster, &emit::Tree::cluster);
  return found == trees.end() ? nullptr : &*found;
}

/// What the digest of a cluster leaves out: the exports that do not reach it.
TEST_CASE("a cluster's files depend on nothing that is said of exports which do not reach it") {
  for_each_seed(kFederations, [](std::uint64_t seed) {
    with_checked(random_federation(seed).files(), [&](const check::Checked& all) {
      const auto cluster = static_cast<model::ClusterId>(seed % all.resolved().clusters.size());
      const auto& hosts = all.resolved().clusters[cluster].hosts;
      const Compiled alone = compile_only({hosts.begin(), hosts.end()}, seed, all.resolved());
      emit::Store store;
      const emit::Tree whole = driver::compile(all, cluster, store);
      if (const emit::Tree* tree = tree_of(alone.trees, whole.cluster)) CHECK(*tree == whole);
    });
  });
}

/// The istiods of a mesh are installed alike.
TEST_CASE("what installs an istiod depends on nothing that is said of exports which do not reach its mesh") {
  std::size_t compared = 0;
  for_each_seed(kFederations, [&](std::uint64_t seed) {
    with_checked(random_federation(seed).files(), [&](const check::Checked& all) {
      const model::ResolvedFederation& resolved = all.resolved();
      const auto cluster = static_cast<model::ClusterId>(seed % resolved.clusters.size());
      if (!resolved.installs(cluster)) return;
      Reaching reaching;
      for (const model::ClusterId other : resolved.meshes[resolved.clusters[cluster].mesh].clusters)
        reaching.insert(resolved.clusters[other].hosts.begin(), resolved.clusters[other].hosts.end());
      const Compiled alone = compile_only(reaching, seed, resolved);
      emit::Store store;
      const emit::Tree whole = driver::compile(all, cluster, store, driver::Part::install);
      if (const emit::Tree* tree = tree_of(alone.installs, whole.cluster)) {
        ++compared;
        CHECK(*tree == whole);
      }
    });
  });
  CHECK(compared > tried_of(kFederations) / 8);
}

TEST_CASE("what clusters have in common is what each of them would have alone") {
  for_each_checked(kFederations, [](const check::Checked& checked) {
    emit::Store shared;
    for (model::ClusterId id = 0; id < checked.resolved().clusters.size(); ++id) {
      for (const driver::Part part : kParts) {
        if (part == driver::Part::install && !checked.resolved().installs(id)) continue;
        emit::Store own;
        CHECK(driver::compile(checked, id, shared, part) == driver::compile(checked, id, own, part));
      }
    }
  });
}

/// Writes the trees, and once more.
void build_twice(const std::vector<emit::Tree>& trees, driver::Part part) {
  const std::string out = driver::directory(part, "out"), owner = driver::owner(part, "fed");
  MemoryFs fs;
  fs.put_directory(out);
  std::vector<publish::Prepared> prepared;
  for (const emit::Tree& tree : trees) prepared.push_back(publish::prepare_new(fs, out, owner, tree));
  publish::finish(fs, out, prepared);
  CHECK(std::ranges::all_of(prepared, &publish::Prepared::ok));
  fs.forget();
  prepared.clear();
  for (const emit::Tree& tree : trees) {
    const auto second = publish::inspect(fs, out, owner, tree, {});
    CHECK(second.summary.empty());
    prepared.push_back(publish::prepare(fs, out, owner, tree, second));
  }
  publish::finish(fs, out, prepared);
  CHECK(std::ranges::all_of(prepared, &publish::Prepared::ok));
  CHECK(fs.changes().empty());
}

TEST_CASE("a second build writes nothing") {
  for_each_seed(kFederations, [](std::uint64_t seed) {
    Compiled compiled = compile_seed(seed);
    std::erase_if(compiled.installs, [](const emit::Tree& tree) { return tree.cluster.empty(); });
    build_twice(compiled.trees, driver::Part::federation);
    build_twice(compiled.installs, driver::Part::install);
  });
}

/// The files of a tree as they are published.
diff::Published published(const emit::Tree& tree, const std::string& comment) {
  diff::Published published;
  for (const emit::OutputFile& file : tree.files) {
    published.listed |= file.lists_files;
    (file.lists_files ? published.lists : published.files).push_back({file.path, comment + file.content->bytes});
  }
  return published;
}

TEST_CASE("what is built differs in nothing, read byte by byte or as YAML") {
  const auto differs_in_nothing = [](const k8s::ClusterPlan& plan, const emit::Tree& tree) {
    for (const char* comment : {"", "# edited\n"}) {
      const diff::ClusterChanges found = diff::compare(published(tree, comment), plan);
      CHECK(found.unreadable.empty());
      CHECK(found.changes.empty());
    }
  };
  for (const driver::Part part : kParts) for_each_plan(part, differs_in_nothing);
}

TEST_CASE("against nothing, every object is new, and without a cluster, every object goes") {
  const auto all_new_or_gone = [](const k8s::ClusterPlan& plan, const emit::Tree& tree) {
    std::set<std::string> objects, added, removed;
    for (const emit::OutputFile& file : tree.files)
      objects.insert(file.content->object_ids.begin(), file.content->object_ids.end());
    for (const diff::Change& change : diff::compare({.present = false}, plan).changes) added.insert(change.id);
    for (const diff::Change& change : diff::retire(plan.cluster, published(tree, "")).changes)
      removed.insert(change.id);
    CHECK(added == objects);
    CHECK(removed == objects);
  };
  for (const driver::Part part : kParts) for_each_plan(part, all_new_or_gone);
}

TEST_CASE("from one federation to the next, the objects that change are those whose text does") {
  std::map<std::string, std::string> before;  // by id
  diff::Published files;
  for_each_plan(driver::Part::federation, [&](const k8s::ClusterPlan& plan, const emit::Tree& tree) {
    std::map<std::string, std::string> after;
    for (const k8s::File& file : plan.files)
      for (const k8s::Resource& resource : file.resources)
        after[k8s::object_id(resource)] = yaml::to_string(k8s::document(resource));
    std::set<std::string> expected, found;
    for (const auto& [id, text] : before)
      if (!after.contains(id) || after[id] != text) expected.insert(id);
    for (const auto& [id, text] : after)
      if (!before.contains(id)) expected.insert(id);
    for (const diff::Change& change : diff::compare(files, plan).changes) found.insert(change.id);
    CHECK(found == expected);
    before = std::move(after);
    files = published(tree, "");
  });
}

}  // namespace
}  // namespace meshfed::testing

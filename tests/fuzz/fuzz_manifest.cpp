// Any bytes as a published file, or as an application's manifest: reading, comparing and printing them never crashes,
// and nothing breaks out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "diag/render_text.hpp"
#include "diff/collector.hpp"
#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "driver/compile.hpp"
#include "support/memory_fs.hpp"
#include "yaml/reader.hpp"
#include "yaml/tree.hpp"

namespace {

constexpr const char* kDiscovering = R"(version = 1
[federation]
name = "x"
[mesh.west]
[mesh.east]
[network.w]
[network.e]
[cluster.west-1]
mesh = "west"
network = "w"
istio = "1.31"
gateway.addresses = ["192.0.2.1"]
[cluster.east-1]
mesh = "east"
network = "e"
istio = "1.31"
[discover.all]
manifests = ["a.yaml"]
selector = { shared = "yes" }
namespace = "shop"
at = ["west"]
to = ["east"]
)";

void require(bool holds) {
  if (!holds) std::abort();
}

void require_spans(const meshfed::yaml::Node& node, std::size_t size) {
  require(node.begin <= node.end && node.end <= size && node.key_begin <= node.key_end && node.key_end <= size);
  for (const meshfed::yaml::Node& item : node.items) require_spans(item, size);
}

void discover(const std::string& bytes) {
  using namespace meshfed;
  const yaml::Tree tree = yaml::read_tree(bytes);
  require(tree.problem.empty() || (tree.documents.empty() && tree.begin <= bytes.size()));
  for (const yaml::Node& document : tree.documents) require_spans(document, bytes.size());
  testing::MemoryFs fs;
  fs.put("federation.toml", kDiscovering);
  fs.put("a.yaml", bytes);
  source::Manager files;
  diag::Sink sink;
  const auto checked = driver::analyse(fs, "federation.toml", files, sink);
  sink.finish();
  require(checked.has_value() == (sink.errors() == 0));
  require(diag::render_text(sink, files, {}).find('\x1b') == std::string::npos);
  if (checked) driver::stream(*checked, 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meshfed;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const yaml::Reading reading = yaml::read(bytes);
  require(reading.problem.empty() || reading.documents.empty());
  for (const yaml::Value& document : reading.documents) {
    const auto* map = std::get_if<yaml::Map>(&document.data());
    if (map) require(diff::compare_fields(*map, *map).empty());
    if (map) require(diff::compare_fields(*map, {}).size() == map->size());
  }
  discover(bytes);
  diff::ClusterChanges changes = diff::retire("cluster", {.files = {{"file.yaml", bytes}}});
  diff::Collector collector;
  collector.add(std::move(changes));
  const diff::Difference difference = std::move(collector).finish();
  require(diff::render_text(difference).find('\x1b') == std::string::npos);
  require(diff::render_markdown(difference).size() <= diff::kMaxComment);
  require(!diff::render_json(difference).empty());
  return 0;
}

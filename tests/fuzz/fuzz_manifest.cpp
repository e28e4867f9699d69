// Any bytes as a published file: reading, comparing and printing them never crashes, and nothing breaks out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "diff/collector.hpp"
#include "diff/render_json.hpp"
#include "diff/render_markdown.hpp"
#include "diff/render_text.hpp"
#include "yaml/reader.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
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
  diff::ClusterChanges changes = diff::retire("cluster", {.files = {{"file.yaml", bytes}}});
  diff::Collector collector;
  collector.add(std::move(changes));
  const diff::Difference difference = std::move(collector).finish();
  require(diff::render_text(difference).find('\x1b') == std::string::npos);
  require(diff::render_markdown(difference).size() <= diff::kMaxComment);
  require(!diff::render_json(difference).empty());
  return 0;
}

// Any strings as keys and values: yaml-cpp reads back what was written.
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "yaml/literal.hpp"
#include "yaml/writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meshfed;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (base::first_bad_utf8(all)) return 0;  // strings come from a file that was checked
  yaml::Map map;
  std::vector<std::pair<std::string, std::string>> expected;
  std::set<std::string> keys;
  for (std::size_t begin = 0; begin <= all.size();) {
    const std::size_t end = std::min(all.find('\x01', begin), all.size());  // one input, several strings
    const std::string text(all.substr(begin, end - begin));
    begin = end + 1;
    if (base::first_bad_utf8(text) || text.find('\0') != std::string::npos) continue;
    // YAML ends an implicit key at 1,024 characters, and an escape is up to six.
    const std::string key = text.size() <= 160 ? text : "long";
    if (!keys.insert(key).second) continue;
    map.add(key, yaml::List{text, yaml::Map{{"key", text}}});
    expected.emplace_back(key, text);
  }
  if (map.empty()) return 0;
  std::string out;
  yaml::write(map, out);
  const YAML::Node read = YAML::Load(out);
  if (read.size() != expected.size()) std::abort();
  auto at = read.begin();
  for (const auto& [key, value] : expected) {
    if (at->first.Scalar() != key || at->second[0].Scalar() != value || at->second[1]["key"].Scalar() != value)
      std::abort();
    if (!value.empty() && at->second[0].Tag() == "?" && (value == "true" || value == "null" || value == "1"))
      std::abort();
    ++at;
  }
  return 0;
}

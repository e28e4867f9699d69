// Any bytes through the whole compiler: it ends, and what compiles renders to trees whose paths stay below the cluster.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "driver/compile.hpp"
#include "support/memory_fs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meshfed;
  testing::MemoryFs fs;
  fs.put("federation.toml", {reinterpret_cast<const char*>(data), size});
  fs.put("apps/shop.toml",
         "[export.shop]\nnamespace = \"shop\"\nfrom = [\"a\"]\nto = [\"b\"]\nports = [{ name = \"http\", number = 80 "
         "}]\n");
  source::Manager files;
  diag::Sink sink;
  const auto checked = driver::analyse(fs, "federation.toml", files, sink);
  if (!checked) {
    if (sink.errors() == 0) std::abort();
    return 0;
  }
  emit::Store store;
  for (model::ClusterId id = 0; id < checked->resolved().clusters.size(); ++id) {
    const emit::Tree tree = driver::compile(*checked, id, store);
    for (const emit::OutputFile& file : tree.files) {
      const std::string_view path = file.path;
      if (path.empty() || path.front() == '/' || path.find("..") != std::string_view::npos ||
          file.content->bytes.empty())
        std::abort();
    }
  }
  return 0;
}

// Any bytes as federation.toml: parse ends, every span lies in its file, every report can be rendered.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "diag/render_json.hpp"
#include "diag/render_text.hpp"
#include "parse/load.hpp"
#include "support/memory_fs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meshfed;
  testing::MemoryFs fs;
  fs.put("federation.toml", {reinterpret_cast<const char*>(data), size});
  source::Manager files;
  diag::Sink sink;
  const auto federation = parse::load(fs, "federation.toml", files, sink);
  if (!federation && sink.errors() == 0) std::abort();
  sink.finish();
  for (const diag::Report& report : sink.reports()) {
    if (report.span.known() &&
        (report.span.begin > report.span.end || report.span.end > files.text(report.span.file).size()))
      std::abort();
  }
  if (!sink.empty() && (diag::render_text(sink, files, {}).empty() || diag::render_json(sink, files).empty()))
    std::abort();
  return 0;
}

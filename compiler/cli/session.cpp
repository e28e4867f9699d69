#include "cli/session.hpp"

#include <fmt/format.h>

#include "diag/render_github.hpp"
#include "diag/render_json.hpp"
#include "diag/render_sarif.hpp"
#include "driver/report.hpp"

namespace meshfed::cli {
namespace {

/// Of the repository that the process works in, found as Git does: by the nearest `.git`.
diag::Checkout find_checkout(base::Fs& fs) {
  const base::Result<std::string> directory = fs.canonical(".");
  if (!directory.ok()) return {};
  for (std::string root = directory.value; !root.empty(); root.erase(root.rfind('/'))) {
    const base::Result<base::Stat> found = fs.stat(root + "/.git");
    if (found.ok() && found.value.kind != base::FileKind::missing) return {root, directory.value};
  }
  return {};
}

}  // namespace

void Session::print(std::string_view result) {
  if (const int error = context_.terminal.out(result)) sink_.report({}, diag::CannotPrint, driver::error_text(error));
}

void Session::say(std::string_view line) {
  if (is_for_people(format_) && !quiet_) context_.terminal.err(fmt::format("{}\n", line));
}

std::string Session::rendered() const {
  switch (format_) {
    case Format::json:
      return diag::render_json(sink_, files_);
    case Format::github:
      return diag::render_github(sink_, files_, find_checkout(context_.fs));
    case Format::sarif:
      return diag::render_sarif(sink_, files_, find_checkout(context_.fs), MESHFEDC_VERSION);
    case Format::text:
      break;
  }
  return diag::render_text(sink_, files_, {.color = context_.terminal.color_err, .limit = limit_});
}

Exit Session::finish(Exit otherwise) {
  sink_.finish();
  const std::string text = rendered();
  if (!text.empty()) context_.terminal.err(text);
  return sink_.errors() > 0 ? exit_of(sink_) : otherwise;
}

}  // namespace meshfed::cli

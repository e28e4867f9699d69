#include "cli/session.hpp"

#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "base/text.hpp"
#include "diag/render_json.hpp"
#include "diag/render_text.hpp"

namespace meshfed::cli {

std::optional<check::Checked> Session::analyse(const std::string& path, unsigned jobs, base::Fs& fs) {
  std::optional<check::Checked> checked = driver::analyse(fs, path, files_, sink_, jobs);
  if (!checked && sink_.errors() == 0) throw std::logic_error("the input was refused without a reason");
  context_.trace.debug("{} {}: {}, {}", checked ? "checked" : "refused", base::quoted(path),
                       base::plural(sink_.errors(), "error"), base::plural(sink_.warnings(), "warning"));
  return checked;
}

void Session::print(std::string_view result) {
  if (const int error = context_.terminal.out(result)) sink_.report({}, diag::CannotPrint, error_text(error));
}

void Session::say(std::string_view line) {
  if (format_ == Format::text) context_.terminal.err(fmt::format("{}\n", line));
}

Exit Session::finish(Exit otherwise) {
  sink_.finish();
  const std::string text = format_ == Format::json
                               ? diag::render_json(sink_, files_)
                               : diag::render_text(sink_, files_, {.color = context_.terminal.color_err});
  if (!text.empty()) context_.terminal.err(text);
  return sink_.errors() > 0 ? exit_of(sink_) : otherwise;
}

std::string error_text(int error) { return std::generic_category().message(error); }

}  // namespace meshfed::cli

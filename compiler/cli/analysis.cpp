#include "cli/analysis.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace meshfed::cli {

std::optional<check::Checked> analyse(Session& session, const std::string& path, unsigned jobs) {
  return analyse(session, path, jobs, session.context().fs);
}

std::optional<check::Checked> analyse(Session& session, const std::string& path, unsigned jobs, base::Fs& fs) {
  diag::Sink& sink = session.sink();
  std::optional<check::Checked> checked = driver::analyse(fs, path, session.files(), sink, jobs);
  if (!checked && sink.errors() == 0) throw std::logic_error("the input was refused without a reason");
  session.context().trace("{} {}: {}, {}", checked ? "checked" : "refused", base::quoted(path),
                          base::plural(sink.errors(), "error"), base::plural(sink.warnings(), "warning"));
  return checked;
}

}  // namespace meshfed::cli

// Reports as workflow commands, which GitHub Actions shows as annotations on the lines of a pull request.
#pragma once

#include <string>

#include "diag/checkout.hpp"
#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::diag {

/// One line per report, none left out, and one that counts them:
///   ::error file=PATH,line=1,endLine=1,col=6,endColumn=12,title=MF0301::MESSAGE
/// `warning` for warnings. PATH is relative to the repository's root. Columns count code points; the runner takes them
/// only where the range stays within a line, and otherwise they are left out. Notes and help follow the message in
/// lines of their own, as %0A. A report without a file has `title` alone. The runner reads standard output and standard
/// error alike. In the sink's order, so call Sink::finish first; empty for an empty sink.
/// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
std::string render_github(const Sink& sink, const source::Manager& files, const Checkout& checkout);

}  // namespace meshfed::diag

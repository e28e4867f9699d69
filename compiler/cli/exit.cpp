#include "cli/exit.hpp"

#include <algorithm>

namespace meshfed::cli {
namespace {

Exit exit_of(diag::Failure failure) {
  switch (failure) {
    case diag::Failure::input:
      return kInvalid;
    case diag::Failure::refused:
      return kRefused;
    case diag::Failure::io:
      return kIo;
  }
  return kInternal;
}

}  // namespace

Exit exit_of(const diag::Sink& sink) {
  Exit worst = kOk;
  for (const diag::Report& report : sink.reports()) {
    if (report.row->severity == diag::Severity::error) worst = std::max(worst, exit_of(report.row->failure));
  }
  return worst;
}

}  // namespace meshfed::cli

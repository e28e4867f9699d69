#include "cli/exit.hpp"

#include <algorithm>

namespace meshfed::cli {
namespace {

Exit exit_of(const diag::Row& row) {
  switch (row.code) {
    case diag::CannotRead.kRow.code:
    case diag::CannotPrint.kRow.code:
    case diag::CannotWrite.kRow.code:
    case diag::NotARepository.kRow.code:
    case diag::NoSuchRevision.kRow.code:
    case diag::UnsupportedRepository.kRow.code:
    case diag::NoIdentity.kRow.code:
    case diag::CannotCommit.kRow.code:
      return kIo;
    case diag::WouldOverwrite.kRow.code:
    case diag::WrongApplication.kRow.code:
      return kRefused;
    default:
      return row.code / 100 == 9 ? kRefused : kInvalid;
  }
}

}  // namespace

Exit exit_of(const diag::Sink& sink) {
  Exit worst = kOk;
  for (const diag::Report& report : sink.reports()) {
    if (report.row->severity == diag::Severity::error) worst = std::max(worst, exit_of(*report.row));
  }
  return worst;
}

}  // namespace meshfed::cli

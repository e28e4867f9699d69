#include "diag/sink.hpp"

#include <algorithm>
#include <tuple>

namespace meshfed::diag {

Report& Sink::add(const Row& row, const source::Span& span, std::string message) {
  if (row.severity == Severity::error) ++errors_;
  Report& report = reports_.emplace_back();
  report.row = &row;
  report.span = span;
  report.message = std::move(message);
  return report;
}

void Sink::finish() {
  const auto key = [](const Report& r) {
    return std::tie(r.span.file, r.span.begin, r.row->code, r.span.end, r.place, r.message);
  };
  std::stable_sort(reports_.begin(), reports_.end(), [&](const Report& a, const Report& b) { return key(a) < key(b); });
  const auto repeated = [&](const Report& a, const Report& b) { return key(a) == key(b); };
  reports_.erase(std::unique(reports_.begin(), reports_.end(), repeated), reports_.end());
  errors_ = static_cast<std::size_t>(std::count_if(reports_.begin(), reports_.end(),
                                                   [](const Report& r) { return r.row->severity == Severity::error; }));
}

}  // namespace meshfed::diag

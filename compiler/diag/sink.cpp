#include "diag/sink.hpp"

#include <algorithm>
#include <tuple>

namespace meshfed::diag {
namespace {

bool is_error(const Row& row) { return row.severity == Severity::error; }

}  // namespace

// Warnings may be accepted later, so which of them are left out is decided at the end.
bool Sink::keeps(const Row& row) const {
  return !is_error(row) || kept_errors_ < kKept || !kept_codes_.contains(row.code);
}

Report& Sink::add(const Row& row, const source::Span& span, std::string message) {
  if (is_error(row)) {
    ++kept_errors_;
    kept_codes_.insert(row.code);
  }
  Report& report = reports_.emplace_back();
  report.row = &row;
  report.span = span;
  report.message = std::move(message);
  return report;
}

Report& Sink::discard(const Row& row, const source::Span& span) {
  ++hidden_errors_;
  discarded_ = {};
  discarded_.row = &row;
  discarded_.span = span;
  return discarded_;
}

bool Sink::wants_search(std::size_t names) {
  if (searches_ >= kFirstSearches && searched_names_ + names > kSearchedNames) return false;
  ++searches_;
  searched_names_ += names;
  return true;
}

void Sink::take(Sink other) {
  hidden_errors_ += other.hidden_errors_;
  for (Report& report : other.reports_) {
    if (!keeps(*report.row)) {
      ++hidden_errors_;
      continue;
    }
    if (is_error(*report.row)) {
      ++kept_errors_;
      kept_codes_.insert(report.row->code);
    }
    reports_.push_back(std::move(report));
  }
}

void Sink::finish() {
  const auto key = [](const Report& r) {
    return std::tie(r.span.file, r.span.begin, r.row->code, r.span.end, r.place, r.message);
  };
  std::stable_sort(reports_.begin(), reports_.end(), [&](const Report& a, const Report& b) { return key(a) < key(b); });
  const auto repeated = [&](const Report& a, const Report& b) { return key(a) == key(b); };
  reports_.erase(std::unique(reports_.begin(), reports_.end(), repeated), reports_.end());
  std::size_t warnings = 0;
  std::set<std::uint16_t> codes;
  const auto is_one_too_many = [&](const Report& report) {
    if (is_error(*report.row)) return false;
    const bool fresh = codes.insert(report.row->code).second;
    return ++warnings > kKept && !fresh;
  };
  std::deque<Report> kept;
  for (Report& report : reports_) {
    if (is_one_too_many(report))
      ++hidden_warnings_;
    else
      kept.push_back(std::move(report));
  }
  reports_ = std::move(kept);
  kept_errors_ = static_cast<std::size_t>(
      std::count_if(reports_.begin(), reports_.end(), [](const Report& r) { return is_error(*r.row); }));
}

}  // namespace meshfed::diag

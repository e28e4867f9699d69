// What went wrong, as a value: reports are collected by a Sink, in one run, and rendered at the end by one of the
// renderers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "diag/catalog.hpp"
#include "source/span.hpp"

namespace meshfed::diag {

/// A fact that explains a report: "declared here".
struct Note {
  source::Span span;  // may be unknown
  std::string text;
};

/// An edit that would mend it: put `replacement` where `span` is.
struct Fix {
  source::Span span;
  std::string replacement;
};

/// Whom a warning is about, so that an `accept` there can silence it. Ids are the model's; the sink does not interpret
/// them.
struct Subject {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t cluster = kNone;
  std::uint32_t exported = kNone;
};

struct Report {
  const Row* row = nullptr;
  source::Span span;  // unknown when the report is about the command line or a whole file
  std::string place;  // shown instead of file:line:column when the span is unknown; may be empty
  std::string message;
  std::vector<Note> notes;
  std::string help;  // empty: the row's
  std::optional<Fix> fix;
  Subject subject;

  Report& note(const source::Span& where, std::string text) {
    notes.push_back({where, std::move(text)});
    return *this;
  }
  Report& advise(std::string what_to_do) {
    help = std::move(what_to_do);
    return *this;
  }
  Report& replace(const source::Span& where, std::string replacement) {
    fix = Fix{where, std::move(replacement)};
    return *this;
  }
  Report& at(std::string shown_place) {
    place = std::move(shown_place);
    return *this;
  }
  Report& about_cluster(std::uint32_t id) {
    subject.cluster = id;
    return *this;
  }
  Report& about_export(std::uint32_t id) {
    subject.exported = id;
    return *this;
  }
};

consteval std::size_t placeholders(std::string_view format) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] == '{' && format[i + 1] == '{') {
      ++i;
    } else if (format[i] == '{') {
      ++count;
    }
  }
  return count;
}

class Sink {
 public:
  /// Adds a report and returns it for notes, help and fixes; the reference stays valid until the sink is sorted or
  /// filtered.
  template <class Diagnostic, class... Args>
  Report& report(const source::Span& span, Diagnostic, const Args&... args) {
    static_assert(placeholders(Diagnostic::kMessage) == sizeof...(Args),
                  "the row's message takes another number of arguments");
    constexpr fmt::format_string<const Args&...> format{Diagnostic::kMessage};
    return add(Diagnostic::kRow, span, fmt::format(format, args...));
  }

  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return reports_.size() - errors_; }
  bool empty() const { return reports_.empty(); }

  /// False once so many reports were made that looking for close names or collecting notes for one more serves nobody.
  bool wants_detail() const { return reports_.size() < kDetailed; }

  /// In the order of making, until `finish`.
  const std::deque<Report>& reports() const { return reports_; }

  /// Drops every report for which `drop` is true; errors are never offered.
  template <class Predicate>
  void drop_warnings(Predicate drop) {
    std::erase_if(reports_, [&](const Report& r) { return r.row->severity == Severity::warning && drop(r); });
  }

  /// The reports of another sink after those that are here.
  void take(Sink other) {
    errors_ += other.errors_;
    std::move(other.reports_.begin(), other.reports_.end(), std::back_inserter(reports_));
  }

  /// Sorts by file, offset, code and message, and drops repetitions. Call once, before rendering.
  void finish();

 private:
  static constexpr std::size_t kDetailed = 1000;

  Report& add(const Row& row, const source::Span& span, std::string message);

  std::deque<Report> reports_;
  std::size_t errors_ = 0;
};

}  // namespace meshfed::diag

// What went wrong, as a value: reports are collected by a Sink, in one run, and rendered at the end by one of the
// renderers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diag/catalog.hpp"
#include "source/span.hpp"

namespace meshfed::diag {

// What a report may hold of its input, in bytes: whatever is longer is cut, and ends with `…`.
inline constexpr std::size_t kMaxShownValue = 500;  // each value in a message
inline constexpr std::size_t kMaxNote = 2'000;
inline constexpr std::size_t kMaxHelp = 20'000;
inline constexpr std::size_t kMaxNotes = 20;            // of one report; the rest is left out
inline constexpr std::size_t kMaxReplacement = 10'000;  // a longer one is not proposed

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

  Report& note(const source::Span& where, std::string_view text) {
    if (notes.size() < kMaxNotes) notes.push_back({where, base::shortened(text, kMaxNote)});
    return *this;
  }
  Report& advise(std::string_view what_to_do) {
    help = base::shortened(what_to_do, kMaxHelp);
    return *this;
  }
  Report& replace(const source::Span& where, std::string replacement) {
    if (replacement.size() <= kMaxReplacement) fix = Fix{where, std::move(replacement)};
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

/// An argument of a message: text is cut to kMaxShownValue.
template <class T>
decltype(auto) shown_value(const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return base::shortened(value, kMaxShownValue);
  } else {
    return value;
  }
}

/// Bounded, however much is wrong: of errors the first kKept are kept, as are kKept warnings in the end, and a report
/// of every code. The rest is only counted.
class Sink {
 public:
  /// Adds a report and returns it for notes, help and fixes; the reference stays valid until the next report, or until
  /// the sink is sorted or filtered.
  template <class Diagnostic, class... Args>
  Report& report(const source::Span& span, Diagnostic, const Args&... args) {
    static_assert(placeholders(Diagnostic::kMessage) == sizeof...(Args),
                  "the row's message takes another number of arguments");
    [[maybe_unused]] constexpr fmt::format_string<const Args&...> checked{Diagnostic::kMessage};
    if (!keeps(Diagnostic::kRow)) return discard(Diagnostic::kRow, span);
    const auto format = [](const auto&... values) {
      return fmt::vformat(Diagnostic::kMessage, fmt::make_format_args(values...));
    };
    return add(Diagnostic::kRow, span, format(shown_value(args)...));
  }

  std::size_t errors() const { return kept_errors_ + hidden_errors_; }
  std::size_t warnings() const { return reports_.size() - kept_errors_ + hidden_warnings_; }
  bool empty() const { return reports_.empty(); }

  /// False once so many reports were made that collecting facts for one more serves nobody.
  bool wants_detail() const { return reports_.size() < kKept; }

  /// Whether the next report is worth a search among so many names for a close one. The first searches of a run always
  /// are; after these, as long as all of them together look at few names.
  bool wants_search(std::size_t names);

  /// In the order of making, until `finish`.
  const std::deque<Report>& reports() const { return reports_; }

  /// Drops every report for which `drop` is true; errors are never offered.
  template <class Predicate>
  void drop_warnings(Predicate drop) {
    std::erase_if(reports_, [&](const Report& r) { return r.row->severity == Severity::warning && drop(r); });
  }

  /// The reports of another sink after those that are here.
  void take(Sink other);

  /// Sorts by file, offset, code and message, and drops repetitions. Call once, before rendering.
  void finish();

 private:
  static constexpr std::size_t kKept = 1000;
  static constexpr std::size_t kFirstSearches = 10;
  static constexpr std::size_t kSearchedNames = 100'000;

  bool keeps(const Row& row) const;
  Report& add(const Row& row, const source::Span& span, std::string message);
  Report& discard(const Row& row, const source::Span& span);

  std::deque<Report> reports_;
  std::set<std::uint16_t> kept_codes_;  // of errors
  std::size_t kept_errors_ = 0;
  std::size_t hidden_errors_ = 0;
  std::size_t hidden_warnings_ = 0;
  std::size_t searches_ = 0;
  std::size_t searched_names_ = 0;
  Report discarded_;  // what nobody will see
};

}  // namespace meshfed::diag

// Dates as Git writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meshfed::git {

struct Date {
  std::int64_t seconds = 0;  // since 1970
  int offset_minutes = 0;    // east of UTC

  bool operator==(const Date&) const = default;
};

/// Every format with a time in which `git log --date` prints one, but for relative ones:
///
///   raw, unix      1700000000 +0100      with or without `@` and offset
///   iso            2023-11-14 22:13:20 +0000, 2023-11-14T22:13:20.5Z
///   rfc            Tue, 14 Nov 2023 22:13:20 +0000, as `date -R` writes it, too
///   default        Tue Nov 14 22:13:20 2023 +0000
///
/// A date of the calendar without an offset is in `offset_minutes`.
std::optional<Date> parse_date(std::string_view text, int offset_minutes);

inline constexpr std::string_view kDateFormats =
    "write seconds since 1970 and an offset, `1700000000 +0000`, or a date as Git prints it: `2023-11-14T22:13:20Z`, "
    "`Tue, 14 Nov 2023 22:13:20 +0000`";

struct Author {
  std::string name;
  std::string mail;
  std::optional<Date> date;
};

/// "Name <mail>", or the same with a date behind it.
std::optional<Author> parse_author(std::string_view text, int offset_minutes);

}  // namespace meshfed::git

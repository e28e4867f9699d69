#include "git/date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace meshfed::git {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

/// Of the calendar, as it stands there.
struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<int> digits(std::string_view& text, std::size_t count) {
  int number = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  if (error != std::errc() || end != text.data() + count || text[0] == '-') return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::size_t count, int& number) {
  const std::optional<int> found = digits(text, count);
  number = found.value_or(0);
  return found.has_value();
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

template <std::size_t N>
std::optional<int> take_name(std::string_view& text, const std::array<std::string_view, N>& names) {
  const auto found = std::find(names.begin(), names.end(), text.substr(0, 3));
  if (found == names.end()) return std::nullopt;
  text.remove_prefix(3);
  return static_cast<int>(found - names.begin());
}

bool take_month(std::string_view& text, int& month) {
  const std::optional<int> found = take_name(text, kMonths);
  month = found.value_or(0) + 1;
  return found.has_value();
}

// "7", " 7" or "07".
bool take_day(std::string_view& text, int& day) {
  skip(text, ' ');
  const bool two = text.size() > 1 && text[1] >= '0' && text[1] <= '9';
  return take(text, two ? 2 : 1, day);
}

// "22:13", "22:13:20", "22:13:20.25"
bool take_time(std::string_view& text, Fields& fields) {
  if (!take(text, 2, fields.hour) || !skip(text, ':') || !take(text, 2, fields.minute)) return false;
  if (!skip(text, ':')) return true;
  if (!take(text, 2, fields.second)) return false;
  if (text.size() > 1 && text[0] == '.' && text[1] >= '0' && text[1] <= '9')
    text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  return true;
}

// "", "Z", "+0100", "+01:00"; all of the text.
std::optional<int> parse_offset(std::string_view text, int otherwise) {
  skip(text, ' ');
  if (text.empty()) return otherwise;
  if (text == "Z" || text == "GMT" || text == "UTC") return 0;
  const bool minus = skip(text, '-');
  if (!minus && !skip(text, '+')) return std::nullopt;
  const std::optional<int> hours = digits(text, 2);
  skip(text, ':');
  const std::optional<int> minutes = digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return (minus ? -1 : 1) * (*hours * 60 + *minutes);
}

// Each takes its format off the text, and leaves the offset.

bool take_iso(std::string_view& text, Fields& fields) {
  return take(text, 4, fields.year) && skip(text, '-') && take(text, 2, fields.month) && skip(text, '-') &&
         take(text, 2, fields.day) && (skip(text, 'T') || skip(text, ' ')) && take_time(text, fields);
}

bool take_rfc(std::string_view& text, Fields& fields) {
  if (take_name(text, kDays) && !(skip(text, ',') && skip(text, ' '))) return false;
  return take_day(text, fields.day) && skip(text, ' ') && take_month(text, fields.month) && skip(text, ' ') &&
         take(text, 4, fields.year) && skip(text, ' ') && take_time(text, fields);
}

bool take_default(std::string_view& text, Fields& fields) {
  return take_name(text, kDays) && skip(text, ' ') && take_month(text, fields.month) && skip(text, ' ') &&
         take_day(text, fields.day) && skip(text, ' ') && take_time(text, fields) && skip(text, ' ') &&
         take(text, 4, fields.year);
}

std::optional<Date> date_of(const Fields& fields, std::string_view zone, int offset_minutes) {
  using namespace std::chrono;
  const std::optional<int> offset = parse_offset(zone, offset_minutes);
  const year_month_day date{year{fields.year}, month{static_cast<unsigned>(fields.month)},
                            day{static_cast<unsigned>(fields.day)}};
  if (!offset || !date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) return std::nullopt;
  const std::int64_t midnight = sys_days(date).time_since_epoch().count() * std::int64_t{86400};
  return Date{midnight + fields.hour * 3600 + fields.minute * 60 + fields.second - *offset * 60, *offset};
}

}  // namespace

std::optional<Date> parse_date(std::string_view text, int offset_minutes) {
  for (const auto take_format : {take_iso, take_rfc, take_default}) {
    std::string_view rest = text;
    Fields fields;
    if (take_format(rest, fields)) return date_of(fields, rest, offset_minutes);
  }
  skip(text, '@');
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || seconds < 0 || (rest != end && *rest != ' ')) return std::nullopt;
  const std::optional<int> offset = parse_offset({rest, end}, 0);
  return offset ? std::optional(Date{seconds, *offset}) : std::nullopt;
}

std::optional<Author> parse_author(std::string_view text, int offset_minutes) {
  const std::size_t open = text.find(" <");
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  const std::size_t close = text.find_first_of("<>", open + 2);
  if (close == std::string_view::npos || close == open + 2 || text[close] != '>') return std::nullopt;
  Author author{std::string(text.substr(0, open)), std::string(text.substr(open + 2, close - open - 2)), {}};
  text.remove_prefix(close + 1);
  if (text.empty()) return author;
  if (skip(text, ' ')) author.date = parse_date(text, offset_minutes);
  return author.date ? std::optional(author) : std::nullopt;
}

}  // namespace meshfed::git

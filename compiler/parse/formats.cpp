#include "parse/formats.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "model/address.hpp"

namespace meshfed::parse {
namespace {

using base::is_digit;
using base::is_lower;
using base::is_upper;

FormatError whole(std::string text) { return {std::move(text), 0, 0}; }

FormatError at(std::string_view text, std::size_t offset, std::string_view why) {
  const std::size_t length = base::code_point_at(text, offset).bytes;
  return {fmt::format("`{}` {}", base::escaped(text.substr(offset, length)), why), offset, offset + length};
}

FormatError shifted(FormatError flaw, std::size_t offset, std::size_t length) {
  if (flaw.begin == flaw.end) return {std::move(flaw.text), offset, offset + length};
  return {std::move(flaw.text), flaw.begin + offset, flaw.end + offset};
}

std::optional<FormatError> too_long(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::nullopt;
  return whole(fmt::format("it has {} bytes of {} allowed", text.size(), limit));
}

std::optional<FormatError> dns_label(std::string_view text) {
  if (text.empty()) return whole("it is empty");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_upper(c)) return at(text, i, "is upper case");
    if (!is_lower(c) && !is_digit(c) && c != '-') return at(text, i, "is not allowed");
  }
  if (text.front() == '-') return at(text, 0, "cannot be at the start");
  if (text.back() == '-') return at(text, text.size() - 1, "cannot be at the end");
  return too_long(text, 63);
}

/// Calls `check` on each part between separators; the first flaw is the whole's.
template <class Check>
std::optional<FormatError> each_part(std::string_view text, char separator, Check check) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    if (auto flaw = check(text.substr(begin, end - begin))) return shifted(std::move(*flaw), begin, end - begin);
    if (end == text.size()) return std::nullopt;
    begin = end + 1;
  }
}

std::optional<FormatError> dns_subdomain(std::string_view text) {
  if (text.empty()) return whole("it is empty");
  if (auto flaw = each_part(text, '.', dns_label)) {
    if (flaw->text == "it is empty") flaw = FormatError{"one of its labels is empty", 0, 0};
    return flaw;
  }
  return too_long(text, 253);
}

/// Istio refuses hosts whose last label is all digits.
std::optional<FormatError> dns_name(std::string_view text) {
  if (auto flaw = dns_subdomain(text)) return flaw;
  const std::string_view last = text.substr(text.rfind('.') + 1);
  if (std::all_of(last.begin(), last.end(), is_digit)) return whole("its last label is all digits");
  return std::nullopt;
}

std::optional<FormatError> host_pattern(std::string_view text) {
  if (text == "*") return std::nullopt;
  constexpr std::string_view kAnyBelow = "*.";
  if (!text.starts_with(kAnyBelow)) return dns_name(text);
  const std::string_view suffix = text.substr(kAnyBelow.size());
  if (auto flaw = dns_name(suffix)) return shifted(std::move(*flaw), kAnyBelow.size(), suffix.size());
  return std::nullopt;
}

/// Objects of the control plane are named after it, and pods labelled with it.
std::optional<FormatError> revision(std::string_view text) {
  if (auto flaw = dns_subdomain(text)) return flaw;
  return too_long(text, 63);
}

std::optional<FormatError> label_value(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!base::is_alphanumeric(c) && c != '-' && c != '_' && c != '.') return at(text, i, "is not allowed");
  }
  if (!base::is_alphanumeric(text.front())) return at(text, 0, "cannot be at the start");
  if (!base::is_alphanumeric(text.back())) return at(text, text.size() - 1, "cannot be at the end");
  return too_long(text, 63);
}

std::optional<FormatError> label_key(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  if (slash != std::string_view::npos) {
    if (auto flaw = dns_subdomain(text.substr(0, slash))) return shifted(std::move(*flaw), 0, slash);
  }
  if (name.empty()) return whole("it has no name");
  if (auto flaw = label_value(name)) return shifted(std::move(*flaw), text.size() - name.size(), name.size());
  return std::nullopt;
}

std::optional<FormatError> annotation_key(std::string_view text) {
  if (auto flaw = label_key(text)) return flaw;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  if (auto flaw = too_long(text.substr(0, slash), 252)) {
    flaw->text = "its prefix " + flaw->text.substr(std::string_view("it ").size());
    return shifted(std::move(*flaw), 0, slash);
  }
  return std::nullopt;
}

std::optional<FormatError> address(std::string_view text) {
  if (model::is_ip(text)) return std::nullopt;
  if (text.find_first_not_of("0123456789.") == std::string_view::npos)
    return whole("it has the form of an IPv4 address");
  if (text.find(':') != std::string_view::npos) return whole("ports, schemes and zones are not allowed here");
  if (auto flaw = dns_name(text)) return flaw;
  if (text.find('.') == std::string_view::npos) return whole("it has no domain, and istiod ignores search domains");
  return std::nullopt;
}

std::optional<FormatError> locality(std::string_view text) {
  if (text.empty()) return whole("it is empty");
  if (std::count(text.begin(), text.end(), '/') > 2) return whole("it has more than three parts");
  return each_part(text, '/', [](std::string_view part) -> std::optional<FormatError> {
    if (part.empty()) return whole("one of its parts is empty");
    return label_value(part);
  });
}

std::optional<FormatError> caller(std::string_view text) {
  const auto slashes = std::count(text.begin(), text.end(), '/');
  if (slashes != 1 && slashes != 2) return whole("it does not have two or three parts");
  const bool wildcard = text.ends_with("/*");
  if (const std::size_t star = text.find('*');
      star != std::string_view::npos && (!wildcard || star + 1 != text.size())) {
    return at(text, star, "may only be the whole last part");
  }
  if (slashes == 1 && !wildcard) return whole("it names no account");
  std::size_t index = 0;  // mesh and namespace are labels, and a service account is a subdomain
  return each_part(wildcard ? text.substr(0, text.size() - 2) : text, '/',
                   [&](std::string_view part) { return index++ < 2 ? dns_label(part) : dns_subdomain(part); });
}

std::optional<FormatError> code(std::string_view text) {
  const bool form = text.size() == 6 && text.starts_with("MF") && std::all_of(text.begin() + 2, text.end(), is_digit);
  return form ? std::nullopt : std::optional<FormatError>(whole("it is not of the form MF0123"));
}

std::optional<FormatError> path(std::string_view text) {
  if (text.empty()) return whole("it is empty");
  return std::nullopt;
}

}  // namespace

std::optional<FormatError> flaw_of(Format format, std::string_view text) {
  switch (format) {
    case Format::any:
      return std::nullopt;
    case Format::dns_label:
      return dns_label(text);
    case Format::dns_name:
      return dns_name(text);
    case Format::dns_subdomain:
      return dns_subdomain(text);
    case Format::host_pattern:
      return host_pattern(text);
    case Format::revision:
      return revision(text);
    case Format::label_key:
      return label_key(text);
    case Format::annotation_key:
      return annotation_key(text);
    case Format::label_value:
      return label_value(text);
    case Format::address:
      return address(text);
    case Format::ip:
      return model::is_ip(text) ? std::nullopt : std::optional<FormatError>(whole(""));
    case Format::block:
      return model::is_block(text) ? std::nullopt : std::optional<FormatError>(whole(""));
    case Format::locality:
      return locality(text);
    case Format::caller:
      return caller(text);
    case Format::code:
      return code(text);
    case Format::path:
      return path(text);
  }
  return std::nullopt;
}

bool is_disguised_address(std::string_view text) {
  if (model::is_ip(text)) return false;
  const std::string_view last = text.substr(text.rfind('.') + 1);
  const bool hexadecimal = last.size() > 2 && last.starts_with("0x") &&
                           last.substr(2).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  const bool number = !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
  return hexadecimal || number;
}

namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr Unit kUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

}  // namespace

std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 9) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + digits, number);
  for (const Unit& unit : kUnits) {
    if (text.substr(digits) == unit.name) return std::chrono::milliseconds(number * unit.milliseconds);
  }
  return std::nullopt;
}

std::string duration_text(std::chrono::milliseconds duration) {
  for (const Unit& unit : kUnits) {
    const bool whole = duration.count() != 0 && duration.count() % unit.milliseconds == 0;
    if (whole || unit.milliseconds == 1) return fmt::format("{}{}", duration.count() / unit.milliseconds, unit.name);
  }
  return {};
}

}  // namespace meshfed::parse

// What a string of a wrong form should have been.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/ascii.hpp"
#include "parse/formats.hpp"

namespace meshfed::parse {
namespace {

/// Lower case, and `-` for what a DNS label does not have.
std::string as_dns_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char lower = base::to_lower(c);
    const bool plain = base::is_alphanumeric(lower) || lower == '-';
    const bool separates = lower == '_' || lower == ' ' || lower == '.' || lower == '/' || lower == ':';
    if (plain)
      out += lower;
    else if (separates)
      out += '-';
    else
      return {};
  }
  const std::size_t begin = std::min(out.find_first_not_of('-'), out.size());
  return out.substr(begin, out.find_last_not_of('-') + 1 - begin);
}

/// The host in `https://host:443/path`.
std::string_view host_in(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find('/'));
  while (text.ends_with('.')) text.remove_suffix(1);
  return text;
}

std::string as_dns_name(std::string_view text) {
  std::string out;
  // Service accounts as identities and users of the API server have them.
  if (text.starts_with("spiffe://") && text.find("/sa/") != std::string_view::npos)
    return std::string(text.substr(text.rfind('/') + 1));
  if (text.starts_with("system:serviceaccount:")) return std::string(text.substr(text.rfind(':') + 1));
  if (text.find("://") == std::string_view::npos && text.find('/') != std::string_view::npos) return {};
  std::string_view rest = host_in(text);
  while (rest.starts_with('.')) rest.remove_prefix(1);
  for (const char c : rest) out += c == '_' || c == ' ' ? '-' : base::to_lower(c);
  return out;
}

/// Without a scheme, and without the port that gateways have anyway. Another port is a key of its own, and leaving it
/// out would lead elsewhere.
std::string as_address(std::string_view text) {
  std::string_view host = host_in(text);
  constexpr std::string_view kUsualPort = ":15443";
  if (host.ends_with(kUsualPort)) host.remove_suffix(kUsualPort.size());
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::string out;
  for (const char c : host) out += base::to_lower(c);
  return out;
}

std::string as_label_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
    if (!plain && c != ' ' && c != '/' && c != ':') return {};
    out += plain ? c : '-';
  }
  const auto is_end = [](char c) { return !base::is_alphanumeric(c); };
  while (!out.empty() && is_end(out.back())) out.pop_back();
  while (!out.empty() && is_end(out.front())) out.erase(0, 1);
  return out;
}

std::string as_label_key(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return as_label_value(text);
  return fmt::format("{}/{}", as_dns_name(text.substr(0, slash)), as_label_value(text.substr(slash + 1)));
}

std::string as_locality(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool slash = c == '/';
    if (slash && (out.empty() || out.back() == '/')) continue;
    out += c == ' ' ? '-' : c;
  }
  while (out.ends_with('/')) out.pop_back();
  return out;
}

/// A SPIFFE identity does not name the mesh: only somebody who knows its trust domain can say what it is.
std::string as_caller(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.starts_with("spiffe://")) return {};
  return text.find('/') == std::string_view::npos && !text.empty() && text != "*" ? fmt::format("{}/*", text)
                                                                                  : std::string(text);
}

std::string form(Format format, std::string_view text) {
  switch (format) {
    case Format::dns_label:
      return as_dns_label(text);
    case Format::dns_name:
    case Format::dns_subdomain:
    case Format::revision:
      return as_dns_name(text);
    case Format::host_pattern:
      return text.starts_with("*.") ? "*." + as_dns_name(text.substr(2)) : as_dns_name(text);
    case Format::label_key:
    case Format::annotation_key:
      return as_label_key(text);
    case Format::label_value:
      return as_label_value(text);
    case Format::address:
      return as_address(text);
    case Format::ip:
    case Format::block:
      return std::string(text.substr(0, text.find_first_of(" ,")));
    case Format::locality:
      return as_locality(text);
    case Format::caller:
      return as_caller(text);
    case Format::code:
      return fmt::format("MF{:0>4}", text.substr(text.find_first_not_of("mMfF") == std::string_view::npos
                                                     ? text.size()
                                                     : text.find_first_not_of("mMfF")));
    case Format::path:
    case Format::any:
      return {};
  }
  return {};
}

/// Milliseconds of a unit as people write it; 0 for any other word.
std::int64_t unit_of(std::string_view word) {
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"ms", 1},           {"msec", 1},      {"msecs", 1},      {"millisecond", 1},  {"milliseconds", 1},
      {"", 1'000},         {"s", 1'000},     {"sec", 1'000},    {"secs", 1'000},     {"second", 1'000},
      {"seconds", 1'000},  {"m", 60'000},    {"min", 60'000},   {"mins", 60'000},    {"minute", 60'000},
      {"minutes", 60'000}, {"h", 3'600'000}, {"hr", 3'600'000}, {"hour", 3'600'000}, {"hours", 3'600'000}};
  const auto found =
      std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& unit) { return unit.first == word; });
  return found == std::end(kUnits) ? 0 : found->second;
}

/// Takes what `holds(c)` from the front.
template <class Holds>
std::string_view take_while(std::string_view& text, Holds holds) {
  const auto end = std::find_if_not(text.begin(), text.end(), holds);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

/// A number with up to three digits after a dot, in thousandths; -1 if it is none.
std::int64_t thousandths(std::string_view number) {
  const std::size_t dot = std::min(number.find('.'), number.size());
  const std::string_view whole = number.substr(0, dot);
  const std::string_view rest = number.substr(std::min(dot + 1, number.size()));
  if (whole.empty() || whole.size() > 6 || rest.size() > 3 || rest.find('.') != std::string_view::npos) return -1;
  std::int64_t result = 0;
  for (const char c : whole) result = result * 10 + (c - '0');
  for (std::size_t i = 0; i < 3; ++i) result = result * 10 + (i < rest.size() ? rest[i] - '0' : 0);
  return result;
}

bool is_name_start(char c) { return base::is_letter(c) || c == '_'; }

std::optional<Placeholder> between(std::string_view text, std::string_view open, std::string_view close,
                                   std::string_view what) {
  const std::size_t begin = text.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = text.find(close, begin + open.size());
  if (end == std::string_view::npos) return std::nullopt;
  return Placeholder{what, begin, end + close.size()};
}

}  // namespace

std::string mended_form(Format format, std::string_view text) {
  std::string mended = form(format, text);
  if (mended == text || flaw_of(format, mended)) mended.clear();
  return mended;
}

std::string meant_duration(std::string_view text) {
  constexpr auto is_blank = [](char c) { return c == ' '; };
  std::int64_t sum = 0;  // of thousandths of milliseconds
  take_while(text, is_blank);
  while (!text.empty()) {
    const std::int64_t number = thousandths(take_while(text, [](char c) { return base::is_digit(c) || c == '.'; }));
    take_while(text, is_blank);
    std::string word;
    for (const char c : take_while(text, [](char c) { return base::is_letter(c); })) word += base::to_lower(c);
    const std::int64_t unit = unit_of(word);
    take_while(text, is_blank);
    if (number < 0 || unit == 0 || (word.empty() && (sum != 0 || !text.empty()))) return {};
    sum += number * unit;
  }
  return sum == 0 || sum % 1'000 != 0 ? std::string() : duration_text(std::chrono::milliseconds(sum / 1'000));
}

std::optional<Placeholder> placeholder_in(std::string_view text) {
  if (auto found = between(text, "{{", "}}", "a template")) return found;
  if (auto found = between(text, "${", "}", "a variable")) return found;
  if (auto found = between(text, "$(", ")", "a variable")) return found;
  if (auto found = between(text, "<", ">", "a placeholder")) return found;
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos || dollar + 1 >= text.size() || !is_name_start(text[dollar + 1])) {
    return std::nullopt;
  }
  std::size_t end = dollar + 1;
  while (end < text.size() && (base::is_alphanumeric(text[end]) || text[end] == '_')) ++end;
  return Placeholder{"a variable", dollar, end};
}

}  // namespace meshfed::parse

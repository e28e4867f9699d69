// The form of strings: DNS labels and names, Kubernetes labels, addresses, callers. Pure functions; the binder reports.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meshfed::parse {

enum class Format : std::uint8_t {
  any,
  dns_label,       // RFC 1123, lower case, at most 63 bytes
  dns_name,        // a host: DNS labels joined by dots, at most 253 bytes, the last one not all digits
  dns_subdomain,   // the same, and the last one may be all digits: names of most Kubernetes objects, trust domains
  host_pattern,    // a host, `*.` and a suffix, or `*`
  revision,        // a DNS subdomain that fits into a label's value
  label_key,       // Kubernetes: [prefix/]name
  annotation_key,  // Gateway API: the same, and the prefix has at most 252 bytes
  label_value,     // Kubernetes: at most 63 bytes, may be empty
  address,         // an IP address, or a host name with at least two labels (istiod does not use search domains)
  ip,
  block,     // an IP address, or a CIDR block
  locality,  // region[/zone[/subzone]]
  caller,    // mesh/namespace/account, mesh/namespace/*, mesh/*
  code,      // MF0301
  path,      // an include pattern
};

/// What is wrong with a string, and which of its bytes.
struct FormatError {
  std::string text;  // "it is empty", "`_` at offset 3 is not allowed", …
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// None if `text` has the format. The whole text is to blame where begin and end are both 0.
std::optional<FormatError> flaw_of(Format format, std::string_view text);

/// What `text` most likely should be to have the format; empty if that cannot be told.
std::string mended_form(Format format, std::string_view text);

/// A part of a text that something else was meant to replace: `${NAME}`, `{{ .Values.name }}`, `<name>`.
struct Placeholder {
  std::string_view what;  // "a variable", …
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Placeholder> placeholder_in(std::string_view text);

/// A host name that some programs read as an IP address: hexadecimal or numeric last parts.
bool is_disguised_address(std::string_view text);

/// `10s`, `500ms`, `2m`, `1h`: a whole number and one unit, at most 9 digits. None for anything else.
std::optional<std::chrono::milliseconds> duration_of(std::string_view text);

/// What another spelling most likely means, as `duration_text` has it: `10 seconds`, `1m30s`, `0.5s`, `10`, of which a
/// number alone is one of seconds. Empty if that cannot be told.
std::string meant_duration(std::string_view text);

/// The same in the largest unit that leaves a whole number.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace meshfed::parse

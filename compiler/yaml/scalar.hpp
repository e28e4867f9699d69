// What an unquoted scalar means to Kubernetes' reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace meshfed::yaml {

/// Null, a boolean, an integer, or (the last one) neither of these.
using Scalar = std::variant<std::nullptr_t, bool, std::int64_t, std::monostate>;

/// Words as YAML 1.1 lists them: as they are, with a capital, and in capitals. Of numbers only decimal integers.
Scalar plain_scalar(std::string_view text);

/// A number that plain_scalar does not tell: with a fraction, an exponent, in another base, with `+` or `_`.
bool is_other_number(std::string_view text);

}  // namespace meshfed::yaml

// The stage that sees the whole federation: names are looked up, roles worked out, and every rule of rules.cpp is
// applied.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "diag/sink.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::check {

/// A federation without errors. Only `run` makes one, hence lowering cannot fail.
class Checked {
 public:
  const model::ResolvedFederation& resolved() const { return resolved_; }

 private:
  friend std::optional<Checked> run(model::Federation federation, diag::Sink& sink, unsigned jobs,
                                    std::optional<std::int64_t> at);
  explicit Checked(model::ResolvedFederation resolved) : resolved_(std::move(resolved)) {}

  model::ResolvedFederation resolved_;
};

/// Reports all that is wrong, each root cause once, and what `accept` does not silence of what may be wrong. None if
/// `sink` holds an error, also one of an earlier stage. Linear in the federation and what it imports, on up to `jobs`
/// threads. Certificates are to be valid at that time, in seconds since 1970; no clock is asked.
std::optional<Checked> run(model::Federation federation, diag::Sink& sink, unsigned jobs = 1,
                           std::optional<std::int64_t> at = std::nullopt);

}  // namespace meshfed::check

// Random edits of random federations: every kind of edit of every table. Many leave a federation that is no longer
// right; that is for the test to notice.
#pragma once

#include <string>

#include "support/random_federation.hpp"

namespace meshfed::testing {

struct Edit {
  std::string what;  // for whoever reads that a test failed
  RandomFederation result;
};

/// The kinds of edits; `random_edit` does that one of them whose number, modulo this, it is given.
inline constexpr std::size_t kEditKinds = 10;

Edit random_edit(const RandomFederation& federation, std::size_t kind, std::uint64_t seed);

}  // namespace meshfed::testing

// What differs between the answers of two worlds: of two revisions, or of two directories.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ask/answer.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// What becomes of a question, the first that fits.
enum class Turn : std::uint8_t {
  unclear,      // one of the answers is `unknown`, or both are, with other ends
  reachable,    // nobody answered before
  unreachable,  // nobody answers now
  shares,       // others answer, or in other shares
  way,          // the same answer, but the caller's proxy calls something else
  verdict,      // nobody answered, and nobody does, but it ends otherwise
};

std::string_view word(Turn turn);

struct Change {
  Turn turn;
  std::optional<Answer> before;  // none: the caller's cluster did not exist
  std::optional<Answer> now;     // none: it does not exist now

  const Question& question() const { return now ? now->question : before->question; }
};

struct Difference {
  std::size_t asked = 0;        // questions
  std::vector<Change> changes;  // in the order of clusters, hosts, ports and clients
};

/// None if the answers are alike. One of them is there.
std::optional<Turn> turn_of(const Answer* before, const Answer* now);

/// Asks both worlds.
Difference difference(const interpret::World& before, const interpret::World& now,
                      const std::vector<Question>& questions);

/// The same for all that either world is asked for.
Difference difference(const interpret::World& before, const interpret::World& now, const Range& range, unsigned jobs);

}  // namespace meshfed::ask

// The way of a call, hop by hop.
#pragma once

#include <string_view>
#include <vector>

#include "ask/answer.hpp"
#include "ask/memo.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// How much of an answer is wanted: without hops, and without words, asking is much cheaper.
enum class Detail : std::uint8_t { verdict, hops };

/// The client's cluster is one of the world's. May be called from several threads. A memo is of this world.
Answer trace(const interpret::World& world, Question question, Detail detail, Memo* memo = nullptr);

/// The ports of a host as a client sees it, ascending; none if it does not see the host.
std::vector<std::int64_t> ports_of(const interpret::World& world, const Client& client, std::string_view host);

}  // namespace meshfed::ask

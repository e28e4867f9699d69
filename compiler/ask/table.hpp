// All answers at once: every client that can be told from others, every host, every port.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ask/answer.hpp"
#include "interpret/world.hpp"

namespace meshfed::ask {

/// Which questions are asked. Empty: all.
struct Range {
  std::string cluster;  // of clients
  std::string host;
};

/// For each cluster and each host that any cluster knows, with the ports that it has anywhere: a client that no object
/// names, and those that `exportTo` and policies about the host name. In the order of clusters, hosts, ports and
/// clients.
std::vector<Question> questions(const interpret::World& world, const Range& range);

/// Answers without hops, in the order of the questions, by up to so many threads.
std::vector<Answer> answers(const interpret::World& world, const std::vector<Question>& questions, unsigned jobs);

}  // namespace meshfed::ask

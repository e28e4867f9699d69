#include "ask/difference.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "ask/table.hpp"
#include "ask/trace.hpp"
#include "base/pool.hpp"

namespace meshfed::ask {
namespace {

constexpr double kAlike = 1e-9;
constexpr std::size_t kAtOnce = 64;  // parts of a table

bool is_alike(double a, double b) { return std::abs(a - b) < kAlike; }

bool is_served(const Answer* answer) {
  return answer && (answer->verdict == Verdict::reached || answer->verdict == Verdict::partly);
}

bool same_ends(const Answer& a, const Answer& b) {
  return std::equal(a.ends.begin(), a.ends.end(), b.ends.begin(), b.ends.end(), [](const End& one, const End& other) {
    return std::tie(one.cluster, one.workload, one.port) == std::tie(other.cluster, other.workload, other.port) &&
           is_alike(one.share, other.share);
  });
}

/// What gets calls, in an order of its own: in which order a proxy has them changes nothing.
std::vector<const Endpoint*> called(const Answer& answer) {
  std::vector<const Endpoint*> found;
  for (const Endpoint& one : answer.endpoints) {
    if (one.share > 0) found.push_back(&one);
  }
  std::sort(found.begin(), found.end(), [](const Endpoint* a, const Endpoint* b) {
    return std::tie(a->workload, a->address, a->port) < std::tie(b->workload, b->address, b->port);
  });
  return found;
}

bool same_way(const Answer& a, const Answer& b) {
  const std::vector<const Endpoint*> before = called(a), now = called(b);
  return std::equal(before.begin(), before.end(), now.begin(), now.end(), [](const Endpoint* one, const Endpoint* two) {
    return std::tie(one->workload, one->address, one->port) == std::tie(two->workload, two->address, two->port) &&
           is_alike(one->share, two->share);
  });
}

bool is_unknown(const Answer* answer) { return answer && answer->verdict == Verdict::unknown; }

/// Asks a world with a memo of its own.
class Side {
 public:
  explicit Side(const interpret::World& world) : world_(world) {}

  std::optional<Answer> ask(const Question& question) {
    if (!world_.find(question.client.cluster)) return std::nullopt;
    return trace(world_, question, Detail::verdict, &memo_);
  }

 private:
  const interpret::World& world_;
  Memo memo_;
};

class Comparison {
 public:
  Comparison(const interpret::World& before, const interpret::World& now, unsigned jobs)
      : before_(before), now_(now), jobs_(jobs) {}

  /// The questions of a table, but for those that `asked` asks as well, if there is one.
  void add(const Table& table, const Table* asked) {
    for (std::size_t first = 0; first < table.parts(); first += kAtOnce) {
      std::vector<Difference> parts(std::min(kAtOnce, table.parts() - first));
      base::for_each_index(parts.size(), jobs_, [&](std::size_t at) {
        for (const Question& question : table.part(first + at)) {
          if (!asked || !asked->asks(question)) add(question, parts[at]);
        }
      });
      for (Difference& part : parts) take(std::move(part));
    }
  }

  void add(const Question& question) { add(question, all_); }

  Difference take() && {
    std::sort(all_.changes.begin(), all_.changes.end(), [](const Change& a, const Change& b) {
      const auto key = [](const Question& one) {
        return std::tie(one.client.cluster, one.host, one.port, one.client.ns, one.client.account);
      };
      return key(a.question()) < key(b.question());
    });
    return std::move(all_);
  }

 private:
  void add(const Question& question, Difference& to) {
    std::optional<Answer> before = before_.ask(question), now = now_.ask(question);
    ++to.asked;
    if (!before && !now) return;
    if (const auto turn = turn_of(before ? &*before : nullptr, now ? &*now : nullptr))
      to.changes.push_back({*turn, std::move(before), std::move(now)});
  }

  void take(Difference part) {
    all_.asked += part.asked;
    std::move(part.changes.begin(), part.changes.end(), std::back_inserter(all_.changes));
  }

  Side before_, now_;
  unsigned jobs_;
  Difference all_;
};

}  // namespace

std::string_view word(Turn turn) {
  switch (turn) {
    case Turn::unclear:
      return "unclear";
    case Turn::reachable:
      return "reachable";
    case Turn::unreachable:
      return "unreachable";
    case Turn::shares:
      return "shares";
    case Turn::way:
      return "way";
    case Turn::verdict:
      return "verdict";
  }
  __builtin_unreachable();
}

std::optional<Turn> turn_of(const Answer* before, const Answer* now) {
  const bool both = before && now;
  if (is_unknown(before) || is_unknown(now)) {
    const bool alike = both && before->verdict == now->verdict && same_ends(*before, *now) && same_way(*before, *now);
    return alike ? std::nullopt : std::optional(Turn::unclear);
  }
  if (is_served(before) != is_served(now)) return is_served(now) ? Turn::reachable : Turn::unreachable;
  if (!both) return std::nullopt;  // nobody answers a caller who does not exist: nothing is lost or won
  if (is_served(now)) {
    if (before->verdict != now->verdict || !same_ends(*before, *now)) return Turn::shares;
    return same_way(*before, *now) ? std::nullopt : std::optional(Turn::way);
  }
  return before->verdict == now->verdict ? std::nullopt : std::optional(Turn::verdict);
}

Difference difference(const interpret::World& before, const interpret::World& now,
                      const std::vector<Question>& questions) {
  Comparison comparison(before, now, 1);
  for (const Question& question : questions) comparison.add(question);
  return std::move(comparison).take();
}

Difference difference(const interpret::World& before, const interpret::World& now, const Range& range, unsigned jobs) {
  const Table old_table(before, range), table(now, range);
  Comparison comparison(before, now, jobs);
  comparison.add(table, nullptr);
  comparison.add(old_table, &table);
  return std::move(comparison).take();
}

}  // namespace meshfed::ask

// `share` of [export.*.at.*]: how the calls of a place are shared out. Istio shares them among localities, so what is
// shared must be told apart by its region: a source network by its own name, local pods by what their cluster declares.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/sorted.hpp"
#include "check/rules.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::kLocalShare;
using model::kNone;
using model::Name;
using model::NetworkId;
using model::Place;
using model::ResolvedFederation;
using resolve::each_export;
using source::Span;

constexpr int kAll = 100;

/// The percentage that stands last in the file, and what makes it all of them; the number is 0 if none does.
std::pair<const model::Value<int>*, std::int64_t> last_made_right(const Place& place, std::int64_t sum) {
  const auto last =
      std::ranges::max_element(*place.share, source::before, [](const auto& entry) { return entry.second.span; });
  const std::int64_t right = *last->second + kAll - sum;
  return {&last->second, right >= 1 && right <= kAll ? right : 0};
}

/// MF0466: a share is of all calls.
void shares_sum_to_all(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    for (const Place& place : exported.at) {
      if (!place.share.given()) continue;
      std::int64_t sum = 0;
      for (const auto& [name, percent] : *place.share) sum += *percent;
      if (sum == kAll) continue;
      diag::Report& report = sink.report(place.share.span, diag::ShareSum, *exported.name, *place.name, sum);
      if (const auto [last, right] = last_made_right(place, sum); right != 0)
        report.replace(last->span, std::to_string(right));
    }
  });
}

struct BySpan {
  bool operator()(const Span& a, const Span& b) const { return source::before(a, b); }
};

/// What was said already: of a mesh's table once, however many clusters it holds in.
struct Said {
  std::set<Span, BySpan> of_export;
  std::set<ClusterId> without_region;
};

/// A share as it holds in one cluster that consumes.
class Share {
 public:
  Share(const ResolvedFederation& resolved, ExportId id, ClusterId cluster, Said& said, diag::Sink& sink)
      : resolved_(resolved),
        id_(id),
        id_of_cluster_(cluster),
        exported_(resolved.exported(id)),
        cluster_(resolved.cluster(cluster)),
        share_(resolved.share(cluster, id)),
        local_(resolved.has_workloads(cluster, id)),
        said_(said),
        sink_(sink) {}

  void check() {
    is_alone();
    keeps_what_is_served();
    if (is_of_sources()) leaves_nobody_out();
    if (local_) local_has_a_region();
  }

 private:
  bool is_new(const Span& span) { return said_.of_export.insert(span).second; }

  /// Null if the share does not name it.
  const Name* find(std::string_view wanted) const {
    const auto found = std::ranges::lower_bound(*share_, wanted, {},
                                                [](const auto& entry) -> std::string_view { return *entry.first; });
    return found != share_->end() && *found->first == wanted ? &found->first : nullptr;
  }

  bool is_remote_source(NetworkId network) const {
    return network != resolved_.clusters[id_of_cluster_].network &&
           base::contains(resolved_.exports[id_].sources, network);
  }

  /// MF0467: nothing else says where the calls go.
  void is_alone() {
    const auto excludes = [&](const auto& value, std::string_view key) {
      if (!value.given() || !is_new(value.span)) return;
      sink_.report(share_.span, diag::ShareExcludes, *exported_.name, key, *cluster_.name)
          .note(value.span, fmt::format("`{}` is set here", key));
    };
    excludes(resolved_.weight(id_of_cluster_, id_), "weight");
    excludes(exported_.prefer, "prefer");
  }

  std::string why_none(NetworkId network) const {
    if (network == kNone) return "has no workloads of its own";
    if (network != resolved_.clusters[id_of_cluster_].network) return "gets no workloads from it";
    return local_ ? "is on this network: its own workloads are `local`" : "is on this network";
  }

  /// MF0468: a share is for a network that serves the cluster, or for its own workloads. True if all of them are.
  bool is_of_sources() {
    bool all = true;
    for (const auto& [name, percent] : *share_) {
      const bool of_local = *name == kLocalShare;
      const NetworkId network = of_local ? kNone : resolved_.find_network(*name);
      const bool is_source = of_local ? local_ : network != kNone && is_remote_source(network);
      all = all && is_source;
      if (is_source || (!of_local && network == kNone) || !is_new(name.span)) continue;
      sink_.report(name.span, diag::ShareOfNobody, *exported_.name, *name, *cluster_.name, why_none(network))
          .note(exported_.from.span, "it is served from here");
    }
    return all;
  }

  /// MF0474: what others are served from is not left out. The rule holds for the cluster's gateway as well, which knows
  /// no other endpoints than local ones.
  void keeps_what_is_served() {
    if (!resolved_.serves(id_of_cluster_, id_) || find(kLocalShare) || !is_new(share_.span)) return;
    sink_.report(share_.span, diag::ShareShutsGateway, *exported_.name, *cluster_.name)
        .note(exported_.from.span, "clusters that serve others");
  }

  /// MF0471: whoever could answer gets some of the calls. One report for a table.
  void leaves_nobody_out() {
    std::string whom;
    if (local_ && !find(kLocalShare)) whom = "its own workloads";
    for (const NetworkId source : resolved_.exports[id_].sources) {
      const std::string& network = *resolved_.network(source).name;
      if (whom.empty() && is_remote_source(source) && !find(network)) whom = fmt::format("network \"{}\"", network);
    }
    if (whom.empty() || !is_new(share_.span)) return;
    sink_.report(share_.span, diag::ShareLeavesOut, *exported_.name, *cluster_.name, whom).about_export(id_);
  }

  /// MF0469, MF0470, MF0472: local pods are in a region that is known, and that no source network looks like.
  void local_has_a_region() {
    const Name* own = find(kLocalShare);
    const std::string_view region = model::region_of(cluster_);
    const NetworkId network = resolved_.find_network(region);
    const Span& span = own ? own->span : share_.span;
    if (own && resolved_.find_network(kLocalShare) != kNone) {
      if (is_new(span))
        sink_.report(span, diag::LocalIsANetwork, *exported_.name)
            .note(resolved_.network(resolved_.find_network(kLocalShare)).name.span, "the network is declared here");
    } else if (cluster_.locality.bad()) {
      return;
    } else if (own && region.empty()) {
      if (said_.without_region.insert(id_of_cluster_).second)
        sink_.report(span, diag::LocalShareWithoutRegion, *exported_.name, *cluster_.name)
            .note(cluster_.name.span, "the cluster is declared here");
    } else if (network != kNone && is_remote_source(network)) {
      sink_.report(span, diag::RegionIsANetwork, *exported_.name, *cluster_.name, region)
          .note(cluster_.locality.span, "the region is declared here")
          .note(resolved_.network(network).name.span, "the network is declared here");
    }
  }

  const ResolvedFederation& resolved_;
  ExportId id_;
  ClusterId id_of_cluster_;
  const Export& exported_;
  const model::Cluster& cluster_;
  const model::Numbers& share_;
  bool local_;
  Said& said_;
  diag::Sink& sink_;
};

void shares_can_be_kept(const ResolvedFederation& resolved, diag::Sink& sink) {
  Said said;
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    if (exported.at.empty() || !info.usable) return;
    said.of_export.clear();
    for (const ClusterId cluster : info.consumers) {
      const model::Numbers& share = resolved.share(cluster, id);
      // A longer one cannot be of 100, and is reported; looked at in every cluster of a mesh, it would be much work.
      if (!resolved.clusters[cluster].usable() || !share.given() || share->size() > kAll) continue;
      Share(resolved, id, cluster, said, sink).check();
    }
  });
}

}  // namespace

void check_shares(const ResolvedFederation& resolved, diag::Sink& sink) {
  shares_sum_to_all(resolved, sink);
  shares_can_be_kept(resolved, sink);
}

}  // namespace meshfed::check

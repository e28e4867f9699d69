// The rows of keys that say what differs in one mesh or cluster.
#include <array>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"
#include "parse/row.hpp"

namespace meshfed::parse {
namespace {

constexpr Rule kAny{};
constexpr Rule kLabel{.format = Format::dns_label};
constexpr Rule kSubdomain{.format = Format::dns_subdomain};
constexpr Rule kLabelValue{.format = Format::label_value};
constexpr Rule kSelector{.format = Format::label_key, .value_format = Format::label_value, .max_items = 256};

using model::Place;

constexpr std::array kPlaceKeys{
    key<&Place::namespace_>("namespace", kLabel,
                            {"the export's",
                             "The namespace of the workloads there. Where the export is only imported: the namespace "
                             "of the ServiceEntry, in place of `import_namespace`. Only with naming `global`."}),
    key<&Place::selector>("selector", kSelector,
                          {"the export's",
                           "The labels of the pods that serve it there. Replaces both `selector` and `canonical_name` "
                           "of the export."}),
    key<&Place::canonical_name>("canonical_name", kLabelValue,
                                {"the export's",
                                 "Selects the pods that serve it there by their label service.istio.io/canonical-name. "
                                 "Only with naming `global`."}),
    key<&Place::service_accounts>("service_accounts", kSubdomain,
                                  {"the export's", "The service accounts of the workloads that serve it there."}),
    key<&Place::targets>("targets", Rule{.format = Format::dns_label, .min = 1, .max = 65535},
                         {"the export's",
                          "The ports that the pods there listen on, by name of the export's port. The others keep the "
                          "export's `target`."}),
    key<&Place::weight>("weight", Rule{.min = 1, .max = 1000},
                        {"the export's", "The weights that the clusters there use, as in `export.weight`."}),
    key<&Place::share>(
        "share", Rule{.format = Format::dns_label, .min = 1, .max = 100},
        {"none",
         "The percentages of the calls from there that go to each source network, and to `local`, the cluster's own "
         "workloads. They must sum to 100. Excludes `weight` and `prefer`; `local` requires the cluster's "
         "`locality`."}),
    key<&Place::alias>("alias", Rule{.format = Format::dns_name, .max_items = 16},
                       {"the export's", "The additional hosts that clients there call, in place of the export's."}),
    key<&Place::connection_pool>(
        "connection_pool", kAny,
        {"the export's",
         "Limits of connections and requests for callers there, in place of the export's; and of a gateway "
         "there, if the export is served from there, too."}),
};

constexpr Table kPlaceTable{
    .name = "export.*.at.*",
    .title = "[export.*.at.*]",
    .meaning =
        "What differs in one mesh or cluster. `weight`, `share`, `alias` and "
        "`connection_pool` require a consumer there; the other keys, except `namespace`, require "
        "workloads.",
    .keys = kPlaceKeys};

}  // namespace

template <>
const Table& table_of<Place>() {
  return kPlaceTable;
}

}  // namespace meshfed::parse

// Publishing clusters to a directory: all of them are looked at before any is touched.
#pragma once

#include "driver/publication.hpp"
#include "driver/targets.hpp"
#include "publish/build_record.hpp"

namespace meshfed::driver {

/// Problems are reported; if there are any when all clusters of all scopes have been looked at, nothing is written.
/// Large clusters are not held all that time, so one that is to be changed is compiled when it is looked at, and again
/// when it is written. What the cache knows is neither compiled nor looked at again; afterwards it knows the clusters
/// as they are now.
Publication publish_directory(const Job& job, const std::vector<Scope>& scopes, const PublishOptions& options,
                              publish::BuildRecord& cache);

}  // namespace meshfed::driver

// What a federation looks like, now and at a revision, and where a picture is written.
#pragma once

#include <optional>
#include <string>

#include "driver/job.hpp"
#include "git/options.hpp"
#include "graph/topology.hpp"

namespace meshfed::driver {

struct PictureOptions {
  std::string file = "federation.toml";
  std::string against = {};  // a revision, or "index"; empty: nothing is compared
  git::Environment environment = {};
  unsigned jobs = 1;
};

/// The federation as a picture shows it, with what changed since the revision. None if something was reported that
/// forbids it. At a revision without the main file there was no federation: all is new.
std::optional<graph::Topology> picture(const Job& job, const PictureOptions& options);

/// Writes a picture in one step. A file that is there is replaced only if it begins with `mark`, as every picture of
/// that kind does; anything else is reported, and left alone.
void write_picture(const Job& job, const std::string& path, std::string_view text, std::string_view mark);

}  // namespace meshfed::driver

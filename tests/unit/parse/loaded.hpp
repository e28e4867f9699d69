// A federation.toml in memory, loaded, and what was said about it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "diag/sink.hpp"
#include "model/federation.hpp"
#include "source/manager.hpp"
#include "support/memory_fs.hpp"

namespace meshfed::testing {

using Lines = std::vector<std::string>;

struct Loaded {
  MemoryFs fs;
  source::Manager files;
  diag::Sink sink;
  std::optional<model::Federation> federation;

  explicit Loaded(const std::string& toml, const std::vector<std::pair<std::string, std::string>>& others = {});

  void load();

  /// "MF0205 "yes"": the code and the guilty bytes of each report, in the order of the file.
  Lines reports();
};

/// The seed's tables, as short as they can be, with `more` at the end.
std::string with(const std::string& more);

}  // namespace meshfed::testing

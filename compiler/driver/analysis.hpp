// Reading and checking a federation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/checked.hpp"
#include "driver/compile.hpp"
#include "driver/job.hpp"

namespace meshfed::driver {

/// The checked federation; none if something was reported that forbids it. Warnings may be in the sink either way.
std::optional<check::Checked> analyse(const Job& job, const std::string& path, unsigned jobs);

}  // namespace meshfed::driver

// Reading and checking a federation for a command.
#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "driver/compile.hpp"

namespace meshfed::cli {

/// The checked federation; none if something was reported that forbids it. Warnings may be in the sink either way.
std::optional<check::Checked> analyse(Session& session, const std::string& path, unsigned jobs);
/// The same, read through another file system.
std::optional<check::Checked> analyse(Session& session, const std::string& path, unsigned jobs, base::Fs& fs);

}  // namespace meshfed::cli

// The stage's front door: the main file and its fragments, read, checked for shape and bound to one Federation.
#pragma once

#include <optional>
#include <string>

#include "base/fs.hpp"
#include "diag/sink.hpp"
#include "model/federation.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

inline constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxFragments = 10'000;
inline constexpr std::size_t kMaxSourceBytes = std::size_t{64} << 20;  // of all files together

/// Reads `entry` and every file that it includes into `files` and binds them. Reads nothing else, and nothing outside
/// the main file's directory. Best effort: what was wrong is reported and marked bad; none only if so much could
/// not be read that rules would blame what is right, or if all files together are too large. The federation's tables
/// are sorted by name. Fragments are parsed by up to `jobs` threads; the result does not depend on it.
std::optional<model::Federation> load(base::Fs& fs, const std::string& entry, source::Manager& files, diag::Sink& sink,
                                      unsigned jobs = 1);

}  // namespace meshfed::parse

// What toml++ says about a syntax error, in our words.
#pragma once

#include <cstdint>
#include <string_view>

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

/// Reports the error that toml++ describes so at an offset of the file: MF0102 or MF0103 where something is defined
/// twice, else MF0101.
void report_syntax(const source::Manager& files, source::FileId file, std::uint32_t offset,
                   std::string_view description, diag::Sink& sink);

}  // namespace meshfed::parse

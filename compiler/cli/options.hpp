// Options that several commands have.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace meshfed::cli {

enum class Format { text, json };

inline constexpr const char* kDefaultSource = "federation.toml";

/// -f, --file
void add_source(CLI::App& command, std::string& path);

/// --format text|json: how diagnostics are shown, on standard error.
void add_format(CLI::App& command, Format& format);

}  // namespace meshfed::cli

// Commands, and options that several of them have.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace meshfed::cli {

enum class Format { text, json, github, sarif };

/// Whether people read it, and so summaries beside the diagnostics.
constexpr bool is_for_people(Format format) { return format == Format::text || format == Format::github; }

inline constexpr const char* kDefaultSource = "federation.toml";

/// A command below `app`. To make a CLI::App takes g++ seconds in each file that does it, so no command's own file
/// does.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description);

/// -f, --file
void add_source(CLI::App& command, std::string& path);

/// -o, --output
void add_output(CLI::App& command, std::string& directory, const std::string& meaning);

/// --cluster, which may be repeated.
void add_clusters(CLI::App& command, std::vector<std::string>& names);

/// --jobs, and what it is if it is not given: one for each processor.
void add_jobs(CLI::App& command, unsigned& jobs);
unsigned default_jobs();

/// --format text|json|github|sarif: how diagnostics are shown, on standard error.
void add_format(CLI::App& command, Format& format);

}  // namespace meshfed::cli

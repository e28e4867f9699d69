#include "cli/options.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace meshfed::cli {
namespace {

constexpr unsigned kMaxJobs = 1024;

}  // namespace

CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description) {
  return app.add_subcommand(name, description);
}

void add_source(CLI::App& command, std::string& path) {
  command.add_option("-f,--file", path, "The federation's main file")->type_name("PATH")->capture_default_str();
}

void add_output(CLI::App& command, std::string& directory, const std::string& meaning) {
  command.add_option("-o,--output", directory, meaning)
      ->type_name("DIR")
      ->capture_default_str()
      ->check(CLI::Validator([](const std::string& path) { return path.empty() ? "the path is empty" : ""; }, ""));
}

void add_clusters(CLI::App& command, std::vector<std::string>& names) {
  // Raw results: as a vector, CLI11 would read `{}` as "none", which here means all.
  const auto take_clusters = [&names](const CLI::results_t& given) {
    names = given;
    return true;
  };
  command.add_option("--cluster", take_clusters, "Only this cluster; may be repeated")
      ->type_name("NAME")
      ->type_size(1)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
}

void add_jobs(CLI::App& command, unsigned& jobs) {
  command.add_option("--jobs", jobs, "How many clusters to work on at once; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(1U, kMaxJobs).description(""));
}

unsigned default_jobs() { return std::clamp(std::thread::hardware_concurrency(), 1U, kMaxJobs); }

void add_format(CLI::App& command, Format& format) {
  static const std::map<std::string, Format> kFormats{
      {"text", Format::text}, {"json", Format::json}, {"github", Format::github}, {"sarif", Format::sarif}};
  command
      .add_option_function<std::string>(
          "--format", [&format](const std::string& word) { format = kFormats.at(word); },
          "How diagnostics are written to standard error")
      ->check(CLI::IsMember({"text", "json", "github", "sarif"}).description(""))
      ->type_name("text|json|github|sarif")
      ->default_str("text");
}

}  // namespace meshfed::cli

// `meshfedc diff`: what a build would change in the clusters, object by object. Writes nothing.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "diff/change.hpp"

namespace meshfed::cli {

class DiffCommand {
 public:
  DiffCommand();

  /// The command and its options. `this` outlives the parsing of `app`.
  CLI::App* declare(CLI::App& app);

  /// After parsing.
  Exit run(const Context& context) const;

 private:
  enum class Output { text, json, markdown };

  std::string revision_;  // empty: the working tree
  std::string file_ = kDefaultSource;
  std::string out_ = "out";
  std::vector<std::string> clusters_;
  unsigned jobs_;
  Output output_ = Output::text;

  void add_output_format(CLI::App& command);
  std::string render(const diff::Difference& difference, const Terminal& terminal) const;
};

}  // namespace meshfed::cli

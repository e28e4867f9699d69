// `meshfedc graph`: a picture of the federation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/declaration.hpp"
#include "cli/session.hpp"
#include "cli/source.hpp"
#include "graph/topology.hpp"

namespace meshfed::cli {

class GraphCommand {
 public:
  /// `this` outlives the command.
  Command declare();

 private:
  enum class Output : std::uint8_t { svg, mermaid, dot, html };
  enum class By : std::uint8_t { automatic, cluster, mesh };

  SourceArguments source_;
  std::string out_;
  std::string against_;
  std::vector<std::string> focus_;
  bool only_changes_ = false;
  bool quiet_ = false;
  By by_ = By::automatic;
  Output output_ = Output::svg;

  Exit run(const Context& context) const;
  std::string render(const graph::Topology& topology) const;
  std::string_view mark() const;
  bool is_by_mesh(const graph::Topology& topology) const;
};

}  // namespace meshfed::cli

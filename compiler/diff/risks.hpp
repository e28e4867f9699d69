// What a change may do to running traffic, told from the change alone. Facts of Istio and Kubernetes, no guesses:
// whether anybody calls a host is not known here.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "diff/change.hpp"
#include "diff/conditions.hpp"

namespace meshfed::diff {

/// One row of the table of risks. Read: <name> is <level> when an object of <kind> sees <action>, and <holds> is true
/// of <field>; without <holds>, when something in <field> changes that no other row of the kind is about.
struct RiskRule {
  std::string_view name;
  Level level;
  std::string_view kind;  // as in an object's id
  Action action;
  std::string_view field;  // as field_path.hpp spells it; empty: of no field in particular
  Condition holds;
  std::string_view text;
};

/// All of them.
std::span<const RiskRule> risk_rules();

/// In the order of the table in risks.cpp. Of a change, `before` and `document` are needed. The texts live forever.
std::vector<Risk> risks_of(const Change& change);
std::vector<Risk> risks_of(const Cluster& cluster);

}  // namespace meshfed::diff

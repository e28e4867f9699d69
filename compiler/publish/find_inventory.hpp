// A cluster's lock as it stands in the output directory.
#pragma once

#include <string>
#include <string_view>

#include "base/fs.hpp"
#include "publish/inventory.hpp"
#include "publish/survey.hpp"

namespace meshfed::publish {

struct FoundInventory {
  enum class State { absent, good, refused };  // refused: a problem was reported to the survey
  State state = State::refused;
  base::Stat stat;  // only if good, as the rest
  std::string text;
  Inventory lock;
};

// The lock of `<out>/<cluster>/`; another federation's is refused. The survey is sound when it is handed in.
FoundInventory find_inventory(base::Fs& fs, Survey& survey, std::string_view federation, std::string_view cluster);

}  // namespace meshfed::publish

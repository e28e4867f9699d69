#include "check/rules.hpp"

namespace meshfed::check {

void check_limits(const model::World&, diag::Sink&) {}

}  // namespace meshfed::check

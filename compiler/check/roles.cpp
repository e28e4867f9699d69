#include "check/rules.hpp"

namespace meshfed::check {

void check_roles(const model::World&, diag::Sink&) {}

}  // namespace meshfed::check

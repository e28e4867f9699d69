#include "check/rules.hpp"

namespace meshfed::check {

void check_exports(const model::World&, diag::Sink&) {}

}  // namespace meshfed::check

#include "check/rules.hpp"

namespace meshfed::check {

void check_versions(const model::World&, diag::Sink&) {}

}  // namespace meshfed::check

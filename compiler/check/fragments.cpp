#include "check/rules.hpp"

namespace meshfed::check {

void check_fragments(const model::World&, diag::Sink&) {}

}  // namespace meshfed::check

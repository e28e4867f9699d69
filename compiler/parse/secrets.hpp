// Private keys, tokens and kubeconfigs have no place in federation.toml: found in the text itself, whatever key they
// stand under.
#pragma once

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

/// Reports each secret in a file (MF0217) and masks it in `files`, so that no later message can print it.
void mask_secrets(source::Manager& files, source::FileId file, diag::Sink& sink);

}  // namespace meshfed::parse

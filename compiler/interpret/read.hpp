// A manifest to an object: which kinds and fields are understood.
#pragma once

#include <string>

#include "interpret/object.hpp"
#include "yaml/view.hpp"

namespace meshfed::interpret {

/// Adds what the document describes. One that is no Kubernetes object is counted among those of no account.
void read(yaml::View document, Objects& objects);

}  // namespace meshfed::interpret

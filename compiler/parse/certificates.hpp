// The certificate files that meshes name.
#pragma once

#include <string>

#include "base/fs.hpp"
#include "diag/sink.hpp"
#include "model/federation.hpp"

namespace meshfed::parse {

/// Reads `root` and `intermediate` of each mesh, from below the main file's directory; each mistake is reported, and
/// the key marked. Nothing of a file that holds a private key is kept. What is read is part of the federation's digest.
void read_certificate_files(base::Fs& fs, const std::string& entry, model::Federation& federation, diag::Sink& sink);

}  // namespace meshfed::parse

// Which files the patterns of `include` mean.
#pragma once

#include <string>
#include <vector>

#include "base/fs.hpp"
#include "diag/sink.hpp"
#include "model/federation.hpp"

namespace meshfed::parse {

struct Fragment {
  std::string relative;   // to the main file's directory, as `fragment` patterns see it
  std::string shown;      // as messages show it: beside the main file's own path
  std::string canonical;  // free of links; what is opened
  source::Span include;   // the pattern that named it
};

/// The files that the patterns match, in byte order of `relative`; each mistake is reported and its file left out.
std::vector<Fragment> find_fragments(base::Fs& fs, const std::string& entry, const model::Names& include,
                                     diag::Sink& sink);

}  // namespace meshfed::parse

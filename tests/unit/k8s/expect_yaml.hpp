// Compares an object with the literal text it should become.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "k8s/resource.hpp"
#include "yaml/writer.hpp"

namespace meshfed::k8s {

// `expected` starts with a newline, so that a raw string's first line stands at the margin.
inline void expect_yaml(const Resource& resource, std::string_view expected) {
  CHECK(yaml::to_string(document(resource)) == expected.substr(1));
}

}  // namespace meshfed::k8s

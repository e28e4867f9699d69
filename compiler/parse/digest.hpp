// What a table says, boiled down: for telling whether an edit changed what is compiled.
#pragma once

#include <string>

#include "syntax/node.hpp"

namespace meshfed::parse {

/// A SHA-256 digest, 64 lower-case hexadecimal digits, of the node's own key and of everything below it. The same for
/// the same keys and values: comments, blanks, the order of keys and the way that tables are written do not count, the
/// order of lists does. The key counts because names reach the output: an export's host is derived from its name.
std::string digest_of(const syntax::Node& node);

}  // namespace meshfed::parse

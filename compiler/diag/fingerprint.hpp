// What stays of a source line when lines around it come and go: services that keep alerts over many commits know one
// again by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshfed::diag {

/// One fingerprint per line of the text, as GitHub's code scanning computes `primaryLocationLineHash` from the file
/// (github/codeql-action, src/fingerprints.ts): a polynomial of the 100 UTF-16 units from the start of the line that
/// are neither blank nor tab, in hexadecimal, a colon, and the how manyth line with this hash it is.
std::vector<std::string> line_fingerprints(std::string_view text);

}  // namespace meshfed::diag

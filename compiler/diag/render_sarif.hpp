// Reports in SARIF 2.1.0, which code scanning services take: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
#pragma once

#include <string>
#include <string_view>

#include "diag/checkout.hpp"
#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::diag {

/// One log with one run, and a line feed. `version` is the compiler's. Each report about a file is a result; its rule,
/// with the catalog's explanation, is listed once, and its fingerprint (diag/fingerprint.hpp) stays when other lines
/// change. A report about no file is a notification of the run, since a result without a place cannot be shown. URIs
/// are relative to the repository's root, `%SRCROOT%`, where the file is below that. Columns count code points, as the
/// log says. In the sink's order, so call Sink::finish first. Bytes that are not UTF-8 come out as U+FFFD.
std::string render_sarif(const Sink& sink, const source::Manager& files, const Checkout& checkout,
                         std::string_view version);

}  // namespace meshfed::diag

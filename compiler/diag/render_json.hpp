// Reports for machines: the same that render_text shows, none left out.
#pragma once

#include <string>

#include "diag/sink.hpp"
#include "source/manager.hpp"

namespace meshfed::diag {

/// One JSON document and a line feed:
///   {"version": 1,
///    "diagnostics": [{"code": "MF0301", "severity": "error"|"warning", "message": …, POSITION, "notes": [{"message":
///    …, POSITION}],
///                     "help": … or null, "fix": {"replacement": …, POSITION} or null}],
///    "errors": n, "warnings": n}
/// POSITION is "file", "line", "column", "endLine", "endColumn": lines and columns count from 1, columns in code
/// points, the end is the first position behind. All five are null where a report is about no file; a report then may
/// have a "place". In the sink's order, so call Sink::finish first. Bytes that are not UTF-8 come out as U+FFFD.
std::string render_json(const Sink& sink, const source::Manager& files);

}  // namespace meshfed::diag

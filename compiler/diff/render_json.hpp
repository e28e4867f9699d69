// A difference for machines.
#pragma once

#include <string>

#include "diff/change.hpp"

namespace meshfed::diff {

/// One JSON document and a line feed:
///   {"version": 1,
///    "clusters": [{"name": …, "state": "kept"|"added"|"removed", "add": n, "change": n, "remove": n, "unchanged": n,
///                  "files": n, "risks": [RISK]}],
///    "changes": [{"action": "add"|"change"|"remove", "object": "Kind.group/namespace/name", "kind": "Kind.group",
///                 "namespace": …, "name": …, "clusters": [name],
///                 "fields": [{"path": …, "before": …, "after": …}], "document": {…}, "risks": [RISK]}],
///    "hosts": [{"host": …, "appears": [name], "changes": [name], "disappears": [name]}],
///    "add": n, "change": n, "remove": n}
/// A cluster's `files` are those that a build would write or remove. RISK is
/// {"rule": …, "level": "high"|"medium"|"low", "text": …}. `fields` are a change's: one without `before` is new, one
/// without `after` goes. `document` is the whole object that comes or goes. Bytes that are not UTF-8 come out as
/// U+FFFD. A later version may have more keys; `version` grows if one changes its meaning.
std::string render_json(const Difference& difference);

}  // namespace meshfed::diff

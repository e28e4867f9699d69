// What is said of a name that nobody declares.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"

namespace meshfed::resolve {

/// Names in byte order, each once.
using Declared = std::vector<std::string_view>;

/// The names of tables, which are in the order of their names.
template <class Table>
Declared names_of(const std::vector<Table>& tables) {
  Declared names;
  names.reserve(tables.size());
  for (const Table& table : tables) names.push_back(*table.name);
  return names;
}

/// The names of two kinds of tables together.
template <class Table, class Other>
Declared names_of(const std::vector<Table>& tables, const std::vector<Other>& others) {
  const Declared first = names_of(tables);
  const Declared second = names_of(others);
  Declared names;
  std::ranges::set_union(first, second, std::back_inserter(names));
  return names;
}

/// Adds to a report what could have been meant by `wrong`, which stands at `where`: the closest of the names as a fix,
/// or else some of them. Looks at all names: ask Sink::wants_search first. `table` is where such names are declared.
void propose(diag::Report& report, const source::Span& where, std::string_view wrong, const Declared& names,
             std::string_view table);

}  // namespace meshfed::resolve

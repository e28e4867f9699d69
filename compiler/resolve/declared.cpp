#include "resolve/declared.hpp"

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/text.hpp"

namespace meshfed::resolve {

void propose(diag::Report& report, const source::Span& where, std::string_view wrong, const Declared& names,
             std::string_view table) {
  const bool bare_key = where.end - where.begin == wrong.size();
  if (const auto near = base::closest(wrong, names))
    report.replace(where, bare_key ? std::string(*near) : fmt::format("\"{}\"", *near));
  else if (names.empty())
    report.advise(fmt::format("declare it with [{}.{}]", table, base::escaped(wrong)));
  else
    report.advise(fmt::format("declared names: {}", base::join(names, ", ", 10)));
}

}  // namespace meshfed::resolve

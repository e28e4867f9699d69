#include "driver/analysis.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace meshfed::driver {

std::optional<check::Checked> analyse(const Job& job, const std::string& path, unsigned jobs) {
  std::optional<check::Checked> checked = analyse(job.fs, path, job.files, job.sink, jobs, job.at);
  if (!checked && !job.failed()) throw std::logic_error("the input was rejected without a diagnostic");
  job.trace("{} {}: {}, {}", checked ? "checked" : "rejected", base::quoted(path),
            base::plural(job.sink.errors(), "error"), base::plural(job.sink.warnings(), "warning"));
  return checked;
}

}  // namespace meshfed::driver

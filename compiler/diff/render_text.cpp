#include "diff/render_text.hpp"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"
#include "diff/lines.hpp"

namespace meshfed::diff {
namespace {

constexpr std::string_view kBold = "\x1b[1m", kRed = "\x1b[31m", kGreen = "\x1b[32m", kYellow = "\x1b[33m",
                           kReset = "\x1b[0m";
constexpr std::size_t kNamed = 10;  // clusters that are named before the rest is counted

char sign_of(Action action) { return action == Action::add ? '+' : action == Action::remove ? '-' : '~'; }

class Writer {
 public:
  explicit Writer(bool color) : color_(color) {}

  std::string take() && { return std::move(out_); }

  void change(const Change& change) {
    line(sign_of(change.action), 0, base::escaped(change.id), kBold);
    put("    in {}\n", clusters(change.clusters));
    for (const Line& one : lines_of(change)) line(one.sign, 4, one.text);
    for (const Risk& risk : change.risks) this->risk(4, risk);
    out_ += '\n';
  }

  void discovered(const Discovered& one) {
    line(sign_of(one.action), 0,
         fmt::format("export {}, discovered at {} by [discover.{}]", base::escaped(one.name), base::escaped(one.place),
                     base::escaped(one.table)));
  }

  void host(const Host& host) {
    put("host {}\n", base::escaped(host.name));
    if (!host.appears.empty()) put("    appears in {}\n", clusters(host.appears));
    if (!host.changes.empty()) put("    changes in {}\n", clusters(host.changes));
    if (!host.disappears.empty()) put("    disappears from {}\n", clusters(host.disappears));
  }

  void cluster(const Cluster& cluster) {
    const std::string what =
        cluster.state == Cluster::State::kept ? std::string() : fmt::format(", {}", word(cluster.state));
    put("cluster {}{}: ", base::escaped(cluster.name), what);
    if (cluster.objects_differ() || cluster.files == 0)
      put("{} to add, {} to change, {} to remove, {} unchanged\n", cluster.add, cluster.change, cluster.remove,
          cluster.unchanged);
    else
      put("no object differs, but {} {}\n", base::plural(cluster.files, "file"), cluster.files == 1 ? "does" : "do");
    for (const Risk& risk : cluster.risks) this->risk(4, risk);
  }

  void blank() { out_ += '\n'; }
  void last(const Difference& difference) { put("{}\n", summary(difference)); }

 private:
  template <class... Args>
  void put(fmt::format_string<const Args&...> format, const Args&... args) {
    fmt::format_to(std::back_inserter(out_), format, args...);
  }

  static std::string clusters(const std::vector<std::string>& names) {
    return base::plural(names.size(), "cluster") + ": " + base::join(names, ", ", kNamed);
  }

  void line(char sign, std::size_t indent, std::string_view text, std::string_view style = {}) {
    const std::string_view shade = sign == '+' ? kGreen : sign == '-' ? kRed : kYellow;
    out_.append(indent, ' ');
    if (color_) out_.append(shade).append(style);
    out_ += sign;
    out_.append(" ").append(text);
    if (color_) out_.append(kReset);
    out_ += '\n';
  }

  void risk(std::size_t indent, const Risk& risk) {
    out_.append(indent, ' ');
    if (color_) out_.append(risk.level == Level::low ? kBold : kYellow);
    put("risk, {}: {}", word(risk.level), risk.text);
    if (color_) out_.append(kReset);
    out_ += '\n';
  }

  bool color_;
  std::string out_;
};

}  // namespace

std::string render_text(const Difference& difference, bool color) {
  Writer writer(color);
  for (const Change& change : difference.changes) writer.change(change);
  for (const Discovered& one : difference.discovered) writer.discovered(one);
  if (!difference.discovered.empty()) writer.blank();
  for (const Host& host : difference.hosts) writer.host(host);
  if (!difference.hosts.empty()) writer.blank();
  for (const Cluster& cluster : difference.clusters) {
    if (cluster.differs() || !cluster.risks.empty()) writer.cluster(cluster);
  }
  if (!difference.empty()) writer.blank();
  writer.last(difference);
  return std::move(writer).take();
}

}  // namespace meshfed::diff

#include "diff/render_markdown.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/markdown.hpp"
#include "base/text.hpp"
#include "diff/lines.hpp"

namespace meshfed::diff {
namespace {

constexpr std::size_t kNamed = 5;         // clusters that are named before the rest is counted
constexpr std::size_t kMaxBlock = 8'192;  // bytes of one diff block
constexpr std::size_t kMaxName = 300;     // bytes of a name before it is cut
constexpr std::size_t kReserve = 512;     // for the sentence that says what is left out
constexpr std::string_view kFoldEnd = "\n</details>\n";

// Text that is nothing but text.
std::string inert(std::string_view text) { return base::inert(text.substr(0, kMaxName)); }

std::string code(std::string_view text) { return "<code>" + inert(text) + "</code>"; }

std::string clusters_text(const std::vector<std::string>& names) {
  return base::plural(names.size(), "cluster") + ": " + inert(base::join(names, ", ", kNamed));
}

std::string_view sign_of(Action action) { return action == Action::add ? "+" : action == Action::remove ? "−" : "~"; }

// A fence longer than any that the text could hold.
std::string fence_for(std::string_view text) {
  std::size_t longest = 2, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

// Cut between two lines.
std::string block_of(const Change& change) {
  std::string body;
  std::size_t shown = 0;
  const std::vector<Line> lines = lines_of(change);
  for (const Line& line : lines) {
    if (body.size() + line.text.size() > kMaxBlock) break;
    body += line.sign == '~' ? '!' : line.sign;  // what GitHub shades as changed
    body.append(" ").append(line.text).append("\n");
    ++shown;
  }
  const std::string fence = fence_for(body);
  std::string block = fmt::format("{}diff\n{}{}\n", fence, body, fence);
  if (shown < lines.size()) block += fmt::format("\n{} not shown.\n", base::plural(lines.size() - shown, "more line"));
  return block;
}

std::string fold_of(const Change& change) {
  std::string risks;
  for (const Risk& risk : change.risks) risks += fmt::format("- **{}**: {}\n", word(risk.level), risk.text);
  if (!risks.empty()) risks += '\n';
  return fmt::format("<details><summary>{} {} in {}</summary>\n\n{}{}{}", sign_of(change.action), code(change.id),
                     clusters_text(change.clusters), risks, block_of(change), kFoldEnd);
}

// Appends pieces as long as they fit.
class Page {
 public:
  explicit Page(std::size_t limit) : room_(limit - kReserve) {}

  // Whether it was added.
  bool add(std::string_view piece) {
    if (cut_ || out_.size() + piece.size() > room_) {
      cut_ = true;
      return false;
    }
    out_ += piece;
    return true;
  }

  std::string finish(std::size_t shown, std::size_t all) && {
    if (cut_) {
      out_ += fmt::format(
          "\n**Cut to fit in a comment**: {} of {} are shown in full. `meshfedc diff` prints all of them.\n", shown,
          base::plural(all, "change"));
    }
    return std::move(out_);
  }

  // A part that is not to use up the room of those behind it.
  void add_rows(std::string_view head, const std::vector<std::string>& rows, std::string_view what) {
    constexpr std::size_t kMaxRows = 50;
    if (rows.empty()) return;
    add(head);
    for (std::size_t i = 0; i < std::min(rows.size(), kMaxRows); ++i) add(rows[i]);
    if (rows.size() > kMaxRows) add(fmt::format("\nand {} more {}\n", rows.size() - kMaxRows, what));
    add("\n");
  }

 private:
  std::size_t room_;
  bool cut_ = false;
  std::string out_;
};

// One warning a rule, with the number of objects and clusters that it is about: not one an object.
void add_warnings(const Difference& difference, Page& page) {
  struct Found {
    std::vector<std::string_view> objects;
    std::vector<std::string> clusters;
  };
  std::map<std::pair<Level, std::string_view>, Found> found;  // by level and text
  for (const Change& change : difference.changes) {
    for (const Risk& risk : change.risks) {
      Found& one = found[{risk.level, risk.text}];
      one.objects.push_back(change.id);
      one.clusters.insert(one.clusters.end(), change.clusters.begin(), change.clusters.end());
    }
  }
  for (const Cluster& cluster : difference.clusters)
    for (const Risk& risk : cluster.risks) found[{risk.level, risk.text}].clusters.push_back(cluster.name);
  std::vector<std::string> rows;
  for (auto& [rule, one] : found) {
    if (rule.first == Level::low) continue;
    std::sort(one.clusters.begin(), one.clusters.end());
    one.clusters.erase(std::unique(one.clusters.begin(), one.clusters.end()), one.clusters.end());
    const std::string objects = one.objects.empty() ? "" : inert(base::join(one.objects, ", ", 3)) + " in ";
    rows.push_back(
        fmt::format("> - **{}**: {} ({}{})\n", word(rule.first), rule.second, objects, clusters_text(one.clusters)));
  }
  page.add_rows("> [!WARNING]\n", rows, "warnings");
}

void add_clusters(const Difference& difference, Page& page) {
  std::vector<std::string> rows;
  for (const Cluster& cluster : difference.clusters) {
    if (!cluster.objects_differ() && cluster.risks.empty()) continue;
    rows.push_back(fmt::format("| {}{} | {} | {} | {} | {} |\n", inert(cluster.name),
                               cluster.state == Cluster::State::kept ? "" : fmt::format(" ({})", word(cluster.state)),
                               cluster.add, cluster.change, cluster.remove, cluster.unchanged));
  }
  page.add_rows("| cluster | to add | to change | to remove | unchanged |\n|---|---:|---:|---:|---:|\n", rows,
                "clusters");
}

void add_hosts(const Difference& difference, Page& page) {
  const auto cell = [](const std::vector<std::string>& names) { return names.empty() ? "" : clusters_text(names); };
  std::vector<std::string> rows;
  for (const Host& host : difference.hosts) {
    rows.push_back(fmt::format("| {} | {} | {} | {} |\n", code(host.name), cell(host.appears), cell(host.changes),
                               cell(host.disappears)));
  }
  page.add_rows("| host | appears in | changes in | disappears from |\n|---|---|---|---|\n", rows, "hosts");
}

void add_discovered(const Difference& difference, Page& page) {
  std::vector<std::string> rows;
  for (const Discovered& one : difference.discovered) {
    rows.push_back(fmt::format("| {} | {} | {} | {} |\n", word(one.action), code(one.name), code(one.place),
                               code(fmt::format("[discover.{}]", one.table))));
  }
  page.add_rows("| | discovered export | Service | by |\n|---|---|---|---|\n", rows, "exports");
}

}  // namespace

std::string render_markdown(const Difference& difference, std::size_t limit) {
  Page page(limit);
  page.add(fmt::format("**meshfedc**: {}\n\n", summary(difference)));
  add_warnings(difference, page);
  add_clusters(difference, page);
  add_discovered(difference, page);
  add_hosts(difference, page);
  std::size_t shown = 0;
  for (const Change& change : difference.changes) {
    if (!page.add(fold_of(change))) break;
    ++shown;
  }
  return std::move(page).finish(shown, difference.changes.size());
}

}  // namespace meshfed::diff

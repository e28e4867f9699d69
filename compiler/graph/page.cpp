#include "graph/page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/markdown.hpp"
#include "base/text.hpp"

namespace meshfed::graph {
namespace {

std::string shown(const std::string& cell) { return cell.empty() ? "-" : base::escaped(cell); }

/// Columns as wide as they have to be, the last one excepted.
std::string columns_of(const Table& table, std::string_view indent) {
  std::vector<std::vector<std::string>> lines{table.columns};
  for (const std::vector<std::string>& row : table.rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& cell : row) line.push_back(shown(cell));
  }
  std::vector<std::size_t> widths(table.columns.size());
  for (const std::vector<std::string>& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], base::display_width(line[i]));
  }
  std::string out;
  for (const std::vector<std::string>& line : lines) {
    out += indent;
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      out += i + 1 < line.size() ? std::string(widths[i] - base::display_width(line[i]) + 2, ' ') : "\n";
    }
  }
  return out;
}

std::string capital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 32);
  return text;
}

}  // namespace

std::string text(const Table& table) { return columns_of(table, ""); }

std::string text(const Page& page) {
  std::size_t width = 0;
  for (const Field& field : page.fields) {
    if (!field.values.empty()) width = std::max(width, field.name.size());
  }
  std::string out;
  for (const Field& field : page.fields) {
    for (std::size_t i = 0; i < field.values.size(); ++i) {
      const std::string name = i == 0 ? capital(field.name) + ":" : "";
      out += fmt::format("{:<{}}  {}\n", name, width + 1, base::escaped(field.values[i]));
    }
  }
  for (const Table& table : page.tables) {
    if (!table.rows.empty()) out += fmt::format("\n{}:\n{}", capital(table.title), columns_of(table, "  "));
  }
  return out;
}

std::string markdown(const Table& table) {
  std::string out = "|";
  for (const std::string& column : table.columns) out += " " + base::inert(column) + " |";
  out += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) out += "---|";
  out += "\n";
  for (const std::vector<std::string>& row : table.rows) {
    out += "|";
    for (const std::string& cell : row) out += " " + base::inert(cell.empty() ? "-" : cell) + " |";
    out += "\n";
  }
  return out;
}

std::string markdown(const Page& page) {
  std::string out = fmt::format("## {}\n\n", base::inert(page.title));
  Table fields{.title = {}, .columns = {"field", "value"}, .rows = {}};
  for (const Field& field : page.fields) {
    if (!field.values.empty()) fields.rows.push_back({field.name, base::join(field.values, ", ")});
  }
  out += markdown(fields);
  for (const Table& table : page.tables) {
    if (!table.rows.empty()) out += fmt::format("\n### {}\n\n{}", base::inert(capital(table.title)), markdown(table));
  }
  return out;
}

}  // namespace meshfed::graph

// What is said of a federation, before it is text or Markdown: fields and tables.
#pragma once

#include <string>
#include <vector>

namespace meshfed::graph {

enum class Form { text, json, markdown };

struct Field {
  std::string name;
  std::vector<std::string> values;  // none: the field is left out
};

struct Table {
  std::string title;  // empty: none
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // an empty cell is shown as `-`
};

struct Page {
  std::string title;
  std::vector<Field> fields;
  std::vector<Table> tables;  // those without rows are left out
};

std::string text(const Table& table);
std::string text(const Page& page);
std::string markdown(const Table& table);
std::string markdown(const Page& page);

}  // namespace meshfed::graph

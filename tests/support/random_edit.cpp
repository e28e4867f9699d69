#include "support/random_edit.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "support/random.hpp"

namespace meshfed::testing {
namespace {

using Tables = std::vector<TomlTable>;

/// "export" of `export.pay`; empty for the top level.
std::string kind_of(const TomlTable& table) { return table.header.substr(0, table.header.find('.')); }
bool is_named(const TomlTable& table) { return table.header.find('.') != std::string::npos; }
std::string name_of(const TomlTable& table) { return table.header.substr(table.header.find('.') + 1); }

/// All tables, of fragments as well.
std::vector<TomlTable*> all_tables(RandomFederation& federation) {
  std::vector<TomlTable*> all;
  for (TomlTable& table : federation.tables) all.push_back(&table);
  for (auto& [path, tables] : federation.fragments) {
    for (TomlTable& table : tables) all.push_back(&table);
  }
  return all;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; }

/// Replaces whole words.
std::string with_word(const std::string& text, const std::string& from, const std::string& to) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const bool begins = i == 0 || !is_word(text[i - 1]);
    const std::size_t end = i + from.size();
    if (begins && text.compare(i, from.size(), from) == 0 && (end == text.size() || !is_word(text[end]))) {
      result += to;
      i = end;
    } else {
      result += text[i++];
    }
  }
  return result;
}

void replace_everywhere(RandomFederation& federation, const std::string& from, const std::string& to) {
  for (TomlTable* table : all_tables(federation)) {
    table->header = with_word(table->header, from, to);
    for (std::string& line : table->lines) line = with_word(line, from, to);
  }
  for (auto& [path, documents] : federation.manifests) {
    for (std::string& document : documents) document = with_word(document, from, to);
  }
}

class Editor {
 public:
  Editor(const RandomFederation& federation, std::uint64_t seed) : random_(seed), edit_{"", federation} {}

  Edit run(std::size_t kind) {
    switch (kind % kEditKinds) {
      case 0:
        rename_header();
        break;
      case 1:
        rename_everywhere();
        break;
      case 2:
        swap_headers();
        break;
      case 3:
        swap_names_everywhere();
        break;
      case 4:
        remove_table();
        break;
      case 5:
        copy_table();
        break;
      case 6:
        remove_line();
        break;
      case 7:
        swap_lines();
        break;
      case 8:
        change_number();
        break;
      case 9:
        flip_word();
        break;
    }
    return std::move(edit_);
  }

 private:
  RandomFederation& federation() { return edit_.result; }

  std::vector<TomlTable*> named() {
    std::vector<TomlTable*> tables = all_tables(federation());
    std::erase_if(tables, [](const TomlTable* table) { return !is_named(*table); });
    return tables;
  }

  TomlTable& any_named() { return *random_.pick(named()); }

  /// Another table of the same kind; the same one if it is the only one.
  TomlTable& sibling(const TomlTable& table) {
    std::vector<TomlTable*> all = named();
    std::erase_if(all, [&](const TomlTable* other) { return kind_of(*other) != kind_of(table); });
    std::vector<TomlTable*> others = all;
    std::erase(others, &table);
    return *random_.pick(others.empty() ? all : others);
  }

  std::string new_name() { return fmt::format("renamed-{}", random_.below(100)); }

  void rename_header() {
    TomlTable& table = any_named();
    edit_.what = fmt::format("[{}] renamed, and not where it is named", table.header);
    table.header = kind_of(table) + "." + new_name();
  }

  void rename_everywhere() {
    const TomlTable& table = any_named();
    edit_.what = fmt::format("[{}] renamed everywhere", table.header);
    replace_everywhere(federation(), std::string(name_of(table)), new_name());
  }

  void swap_headers() {
    TomlTable& table = any_named();
    TomlTable& other = sibling(table);
    edit_.what = fmt::format("[{}] and [{}] swap their headers", table.header, other.header);
    std::swap(table.header, other.header);
  }

  void swap_names_everywhere() {
    TomlTable& table = any_named();
    const std::string one = name_of(table);
    const std::string other = name_of(sibling(table));
    edit_.what = fmt::format("\"{}\" and \"{}\" swap names everywhere", one, other);
    replace_everywhere(federation(), one, "swapped-for-a-moment");
    replace_everywhere(federation(), other, one);
    replace_everywhere(federation(), "swapped-for-a-moment", other);
  }

  void remove_table() {
    const std::string header = any_named().header;
    edit_.what = fmt::format("[{}] removed", header);
    const auto is_it = [&](const TomlTable& table) { return table.header == header; };
    std::erase_if(federation().tables, is_it);
    for (auto& [path, tables] : federation().fragments) std::erase_if(tables, is_it);
  }

  void copy_table() {
    TomlTable copy = any_named();
    edit_.what = fmt::format("[{}] copied", copy.header);
    copy.header = kind_of(copy) + "." + new_name();
    federation().tables.push_back(copy);
  }

  /// A table that has lines.
  TomlTable& any_table() {
    std::vector<TomlTable*> tables = all_tables(federation());
    std::erase_if(tables, [](const TomlTable* table) { return table->lines.empty(); });
    return *random_.pick(tables);
  }

  void remove_line() {
    TomlTable& table = any_table();
    const std::size_t line = random_.below(table.lines.size());
    edit_.what = fmt::format("[{}] loses `{}`", table.header, table.lines[line]);
    table.lines.erase(table.lines.begin() + static_cast<std::ptrdiff_t>(line));
  }

  /// What one of two tables says is said by the other, and the other way round.
  void swap_lines() {
    TomlTable& table = any_named();
    TomlTable& other = sibling(table);
    edit_.what = fmt::format("[{}] and [{}] swap what they say", table.header, other.header);
    std::swap(table.lines, other.lines);
  }

  void change_number() {
    std::vector<std::string*> lines;
    for (TomlTable* table : all_tables(federation())) {
      for (std::string& line : table->lines) {
        if (line.find_first_of("0123456789") != std::string::npos) lines.push_back(&line);
      }
    }
    std::string& line = *random_.pick(lines);
    edit_.what = fmt::format("`{}` says another number", line);
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (std::isdigit(static_cast<unsigned char>(line[i])) != 0) digits.push_back(i);
    }
    char& digit = line[random_.pick(digits)];
    digit = digit == '9' ? '1' : static_cast<char>(digit + 1);
  }

  void flip_word() {
    static const std::vector<std::pair<std::string, std::string>> kWords = {
        {"true", "false"},        {"spread", "local"},  {"gateway", "direct"},        {"host", "namespace"},
        {"strict", "permissive"}, {"create", "assume"}, {"LoadBalancer", "NodePort"}, {"http", "tcp"}};
    const auto& [one, other] = random_.pick(kWords);
    TomlTable& table = any_table();
    edit_.what = fmt::format("[{}] says \"{}\" for \"{}\" and the other way round", table.header, one, other);
    for (std::string& line : table.lines) {
      if (line.find('=') == std::string::npos) continue;
      const std::size_t value = line.find('=');
      std::string said = with_word(line.substr(value), one, "flipped-for-a-moment");
      said = with_word(with_word(said, other, one), "flipped-for-a-moment", other);
      line = line.substr(0, value) + said;
    }
  }

  Random random_;
  Edit edit_;
};

}  // namespace

Edit random_edit(const RandomFederation& federation, std::size_t kind, std::uint64_t seed) {
  return Editor(federation, seed).run(kind);
}

}  // namespace meshfed::testing

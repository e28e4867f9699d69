#include "syntax/document.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "base/stand_in.hpp"
#include "base/text.hpp"
#include "syntax/outline.hpp"

namespace meshfed::syntax {
namespace {

using source::FileId;
using source::Manager;
using source::Span;

constexpr std::size_t kMaxDots = 64;  // toml++ bounds [[[…]]] and {{…}} itself, but not a.b.c.…

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

/// Where a dotted key is longer than kMaxDots: toml++ would nest, and destroy, a table per dot.
std::optional<std::size_t> too_many_dots(std::string_view text) {
  std::size_t dots = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char byte = text[i];
    if (byte == '"' || byte == '\'') {
      i = after_string(text, i);
      continue;
    }
    if (byte == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (byte == '.' && ++dots > kMaxDots) return i;
    if (byte == '=' || byte == '\n' || byte == '[' || byte == ']' || byte == '{' || byte == '}' || byte == ',')
      dots = 0;
    ++i;
  }
  return std::nullopt;
}

/// The byte offset of a line and column, both from 1, columns in code points.
std::size_t offset_of(std::string_view text, std::size_t line, std::size_t column) {
  std::size_t at = 0;
  for (; line > 1 && at < text.size(); --line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  for (; column > 1 && at < text.size(); --column) at += base::code_point_at(text, at).bytes;
  return std::min(at, text.size());
}

class Converter {
 public:
  Converter(const Manager& files, FileId file) : files_(files), file_(file) {}

  Node document(const toml::table& root) const {
    Node node;
    node.span = {file_, 0, 0};
    take_items(root, node);
    return node;
  }

  Span span(const toml::source_region& region) const {
    return {file_, files_.offset(file_, region.begin.line, region.begin.column),
            files_.offset(file_, region.end.line, region.end.column)};
  }

 private:
  void take_items(const toml::table& table, Node& node) const {
    node.kind = Node::Kind::table;
    node.items.reserve(table.size());
    for (auto&& [key, value] : table) {
      Node& item = node.items.emplace_back();
      item.key = std::string(key.str());
      item.key_span = span(key.source());
      take_value(value, item);
    }
    // toml++ keeps tables in the order of their keys; people read files from top to bottom.
    std::stable_sort(node.items.begin(), node.items.end(),
                     [](const Node& a, const Node& b) { return source::before(a.key_span, b.key_span); });
  }

  void take_value(const toml::node& value, Node& node) const {
    node.span = span(value.source());
    value.visit([&](const auto& concrete) {
      using Type = std::remove_cvref_t<decltype(concrete)>;
      if constexpr (std::is_same_v<Type, toml::table>) {
        take_items(concrete, node);
      } else if constexpr (std::is_same_v<Type, toml::array>) {
        node.kind = Node::Kind::array;
        node.items.reserve(concrete.size());
        for (const toml::node& item : concrete) take_value(item, node.items.emplace_back());
      } else if constexpr (std::is_same_v<Type, toml::value<std::string>>) {
        node.kind = Node::Kind::string;
        node.text = concrete.get();
      } else if constexpr (std::is_same_v<Type, toml::value<std::int64_t>>) {
        node.kind = Node::Kind::integer;
        node.integer = concrete.get();
      } else if constexpr (std::is_same_v<Type, toml::value<bool>>) {
        node.kind = Node::Kind::boolean;
        node.boolean = concrete.get();
      } else if constexpr (std::is_same_v<Type, toml::value<double>>) {
        node.kind = Node::Kind::floating;
      } else {
        node.kind = Node::Kind::date;
      }
    });
  }

  const Manager& files_;
  FileId file_;
};

}  // namespace

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::table:
      return "a table";
    case Node::Kind::array:
      return "a list";
    case Node::Kind::string:
      return "a string";
    case Node::Kind::integer:
      return "an integer";
    case Node::Kind::floating:
      return "a float";
    case Node::Kind::boolean:
      return "a boolean";
    case Node::Kind::date:
      return "a date or time";
    case Node::Kind::unreadable:
      break;
  }
  return "";
}

bool text_is_readable(const Manager& files, FileId file, diag::Sink& sink) {
  const std::string_view text = files.text(file);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    sink.report({file, 0, 0}, diag::Utf16);
    return false;
  }
  if (const std::optional<base::StandIn> found = base::stand_in(text)) {
    sink.report({file, 0, 0}, diag::SourceStandIn, files.path(file), found->what).advise(std::string(found->remedy));
    return false;
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    sink.report({file, narrow(nul), narrow(nul + 1)}, diag::NulByte, nul);
    return false;
  }
  if (const auto bad = base::first_bad_utf8(text)) {
    sink.report({file, narrow(*bad), narrow(*bad + 1)}, diag::NotUtf8, *bad);
    return false;
  }
  if (const auto dot = too_many_dots(text)) {
    sink.report({file, narrow(*dot), narrow(*dot + 1)}, diag::NestedTooDeep, kMaxDots);
    return false;
  }
  return true;
}

std::optional<SyntaxError> syntax_error(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
    return std::nullopt;
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return SyntaxError{offset_of(text, at.line, at.column), std::string(error.description())};
  }
}

std::optional<Node> tree_of(const Manager& files, FileId file, std::string_view text, SyntaxError& error) {
  try {
    const toml::table root = toml::parse(text);
    return Converter(files, file).document(root);
  } catch (const toml::parse_error& thrown) {
    const toml::source_position at = thrown.source().begin;
    error = {files.offset(file, at.line, at.column), std::string(thrown.description())};
    return std::nullopt;
  }
}

std::optional<Node> parse_value(std::string_view text) {
  Manager files;
  const std::string line = "x = " + std::string(text);
  SyntaxError error;
  std::optional<Node> root = tree_of(files, files.add("", line), line, error);
  if (!root || root->items.size() != 1) return std::nullopt;
  return std::move(root->items.front());
}

}  // namespace meshfed::syntax

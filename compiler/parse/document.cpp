#include "parse/document.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "base/stand_in.hpp"
#include "base/text.hpp"
#include "parse/syntax.hpp"

namespace meshfed::parse {
namespace {

using source::FileId;
using source::Manager;
using source::Span;

constexpr std::size_t kMaxDots = 64;  // toml++ bounds [[[…]]] and {{…}} itself, but not a.b.c.…

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

/// Skips a string that begins at `at`; returns the offset after it (the end of the text if it is not closed).
std::size_t after_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
  const bool multi_line = text.substr(at, 3) == three;
  const std::string_view closing = multi_line ? three : three.substr(0, 1);
  for (std::size_t i = at + closing.size(); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text.substr(i, closing.size()) == closing) {
      return i + closing.size();
    } else if (!multi_line && text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

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

std::optional<Node> read_document(const Manager& files, FileId file, diag::Sink& sink) {
  try {
    const toml::table root = toml::parse(files.text(file));
    return Converter(files, file).document(root);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    report_syntax(files, file, files.offset(file, at.line, at.column), error.description(), sink);
    return std::nullopt;
  }
}

}  // namespace meshfed::parse

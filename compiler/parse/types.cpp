#include "parse/types.hpp"

namespace meshfed::parse {

using syntax::Node;

std::string_view type_name(const Key& key) {
  switch (key.type) {
    case Type::boolean:
      return "a boolean";
    case Type::integer:
      return "an integer";
    case Type::string:
    case Type::word:
    case Type::version:
      return "a string";
    case Type::duration:
      return "a duration";
    case Type::strings:
    case Type::integers:
    case Type::rows:
      return key.rule.star || key.rule.all ? "a list, or \"*\"" : "a list";
    case Type::labels:
    case Type::numbers:
    case Type::table:
    case Type::tables:
      return "a table";
    case Type::egress:
      return "a string or a table";
    case Type::selection:
      return "a list, or \"*\"";
    case Type::weight:
    case Type::or_number:
      return "an integer or a table";
    case Type::or_false:
      return "a table or false";
  }
  return "";
}

bool fits(const Node& node, const Key& key) {
  const bool text = node.kind == Node::Kind::string;
  const bool table = node.kind == Node::Kind::table;
  switch (key.type) {
    case Type::boolean:
      return node.kind == Node::Kind::boolean;
    case Type::integer:
      return node.kind == Node::Kind::integer;
    case Type::string:
    case Type::word:
    case Type::version:
    case Type::duration:
      return text;
    case Type::strings:
    case Type::selection:
      return node.kind == Node::Kind::array || (node.text == "*" && (key.rule.star || key.rule.all));
    case Type::integers:
    case Type::rows:
      return node.kind == Node::Kind::array;
    case Type::labels:
    case Type::numbers:
    case Type::table:
    case Type::tables:
      return table;
    case Type::egress:
      return table || text;
    case Type::weight:
    case Type::or_number:
      return table || node.kind == Node::Kind::integer;
    case Type::or_false:
      return table || (node.kind == Node::Kind::boolean && !node.boolean);
  }
  return false;
}

}  // namespace meshfed::parse

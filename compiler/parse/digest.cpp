#include "parse/digest.hpp"

#include <algorithm>
#include <vector>

#include "base/sha256.hpp"

namespace meshfed::parse {
namespace {

using syntax::Node;

void add(std::string_view text, std::string& out) { out.append(std::to_string(text.size())).append(":").append(text); }

void add(const Node& node, std::string& out);

void add_items(const Node& table, std::string& out) {
  std::vector<const Node*> items;
  items.reserve(table.items.size());
  for (const Node& item : table.items) items.push_back(&item);
  std::sort(items.begin(), items.end(), [](const Node* a, const Node* b) { return a->key < b->key; });
  for (const Node* item : items) {
    add(item->key, out);
    add(*item, out);
  }
}

// Each kind begins with a letter of its own and ends where it says, so that no two trees give the same text.
void add(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::table:
      out += 'T';
      add_items(node, out);
      out += 'e';
      break;
    case Node::Kind::array:
      out += 'L';
      for (const Node& item : node.items) add(item, out);
      out += 'e';
      break;
    case Node::Kind::string:
      out += 'S';
      add(node.text, out);
      break;
    case Node::Kind::integer:
      out.append("I").append(std::to_string(node.integer)).append("e");
      break;
    case Node::Kind::boolean:
      out += node.boolean ? 'Y' : 'N';
      break;
    case Node::Kind::floating:
    case Node::Kind::date:
    case Node::Kind::unreadable:
      out += 'X';  // no key takes one, so nothing is compiled of it
      break;
  }
}

}  // namespace

std::string digest_of(const Node& node) {
  std::string text;
  add(node.key, text);
  add(node, text);
  return base::sha256_hex(text);
}

}  // namespace meshfed::parse

// The types of values, each with its mistakes. Those that few keys have are in read_settings.cpp.
#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "model/address.hpp"
#include "parse/binder.hpp"
#include "parse/forms.hpp"
#include "syntax/edits.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {
namespace {

using model::Name;
using model::State;
using syntax::fix_with;
using syntax::Node;
using syntax::removal;
using syntax::toml_key;
using syntax::toml_string;

template <class Item, class NameOf>
void sort_by_name(std::vector<Item>& items, NameOf name_of) {
  std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return *name_of(a) < *name_of(b); });
}

/// The items of a list so far. Most lists are short, and need no set.
class Seen {
 public:
  /// False if the text was there already.
  bool insert(std::string text) {
    if (!many_.empty()) return many_.insert(std::move(text)).second;
    if (std::find(few_.begin(), few_.end(), text) != few_.end()) return false;
    few_.push_back(std::move(text));
    if (few_.size() > kFew) many_.insert(few_.begin(), few_.end());
    return true;
  }

 private:
  static constexpr std::size_t kFew = 16;
  std::vector<std::string> few_;
  std::unordered_set<std::string> many_;
};

}  // namespace

void Binder::read(const Node& node, const Key& key, model::Value<bool>& out) {
  if (is(node, key.name, Node::Kind::boolean))
    out = {node.boolean, node.span};
  else
    out.state = State::bad;
}

void Binder::read(const Node& node, const Key& key, model::Value<int>& out) {
  int number = 0;
  if (integer(node, key, number))
    out = {number, node.span};
  else
    out.state = State::bad;
}

bool Binder::integer(const Node& node, const Key& key, int& number) {
  if (node.kind == Node::Kind::unreadable) return false;
  if (node.kind != Node::Kind::integer) {
    diag::Report& report = wrong_type(node, node.key, "an integer");
    if (trying_) return false;
    if (const auto text = converted(key, node, files_))
      report.replace(node.span, *text);
    else
      report.advise(fmt::format("write a number, as in `{} = {}`", toml_key(node.key), key.rule.max));
    return false;
  }
  if (node.integer < key.rule.min || node.integer > key.rule.max) {
    if (key.rule.version)
      sink_.report(node.span, diag::UnsupportedVersion, node.integer).replace(node.span, "1");
    else
      sink_.report(node.span, diag::OutOfRange, key.name, node.integer, key.rule.min, key.rule.max)
          .advise(fmt::format("write a number from {} to {}", key.rule.min, key.rule.max));
    return false;
  }
  number = static_cast<int>(node.integer);
  return true;
}

void Binder::read(const Node& node, const Key& key, Name& out) {
  if (node.kind == Node::Kind::unreadable) {
    out.state = State::bad;  // and the default stays
    return;
  }
  out = text_item(node, key);
  if (out.given() && out->empty()) sink_.report(node.span, diag::Empty, key.name);
}

void Binder::read(const Node& node, const Key& key, model::Names& out) {
  out.state = State::bad;
  const bool alone = node.text == "*" && node.kind == Node::Kind::string;
  const bool everything = alone || (node.items.size() == 1 && node.items.front().text == "*");
  if (everything && key.rule.all) {
    out = {};
    return;
  }
  if (everything && key.rule.star) {
    out = {{Name{"*", alone ? node.span : node.items.front().span}}, node.span};
    return;
  }
  if (!is(node, key.name, Node::Kind::array)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  out.value.reserve(node.items.size());
  const bool addresses = key.rule.format == Format::address || key.rule.format == Format::ip;
  Seen seen;
  for (const Node& item : node.items) {
    Name name = text_item(item, key);
    if (addresses && name.given() && model::is_mapped_ipv4(*name)) {
      mapped_address(node, item, key);
      name.state = State::bad;
    }
    if (name.given() && !seen.insert(addresses ? model::canonical_address(*name) : *name))
      fix_with(sink_.report(item.span, diag::DuplicateItem, key.name, *name), files_, {removal(files_, item.span)});
    else
      out.value.push_back(std::move(name));
  }
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.items[key.rule.max_items].span, diag::TooManyItems, key.name, node.items.size(),
                 key.rule.max_items);
  }
}

void Binder::read(const Node& node, const Key& key, model::NumberList& out) {
  out.state = State::bad;
  if (!is(node, key.name, Node::Kind::array)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  Seen seen;
  for (const Node& item : node.items) {
    int number = 0;
    if (item.kind != Node::Kind::integer && item.kind != Node::Kind::unreadable) {
      diag::Report& report = wrong_type(item, fmt::format("an item of {}", key.name), "an integer");
      if (const auto text = converted_item(key, item, files_))
        report.replace(item.span, *text);
      else
        report.advise(fmt::format("write numbers, as in `{} = [15443]`", key.name));
      out.state = State::bad;
    } else if (!integer(item, key, number)) {
      out.state = State::bad;
    } else if (!seen.insert(std::to_string(number))) {
      fix_with(sink_.report(item.span, diag::DuplicateItem, key.name, number), files_, {removal(files_, item.span)});
    } else {
      out.value.emplace_back(number, item.span);
    }
  }
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.items[key.rule.max_items].span, diag::TooManyItems, key.name, node.items.size(),
                 key.rule.max_items);
  }
}

/// Whoever reads it takes it for IPv4, and refuses it among IPv6 addresses.
void Binder::mapped_address(const Node& list, const Node& item, const Key& key) {
  const std::string ipv4 = model::canonical_address(item.text);
  diag::Report& report = sink_.report(item.span, diag::MappedAddress, item.text, ipv4);
  const auto same = [&](const Node& other) {
    return &other != &item && other.kind == Node::Kind::string && model::canonical_address(other.text) == ipv4;
  };
  if (std::any_of(list.items.begin(), list.items.end(), same))
    report.advise(fmt::format("remove it: `{}` lists that address once more", key.name));
  else
    report.replace(item.span, fmt::format("\"{}\"", ipv4));
}

void Binder::read(const Node& node, const Key& key, model::Labels& out) {
  out.state = State::bad;
  if (!is(node, key.name, Node::Kind::table)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::unreadable) continue;
    if (item.kind != Node::Kind::string) {
      wrong_label(item, key);
      continue;
    }
    const bool named = format(item, key.rule.format, item.key, item.key_span);
    const bool free = key.rule.value_format == Format::any;  // any other format forbids control characters
    if (free && item.text.find('\r') != std::string::npos) sink_.report(item.span, diag::CarriageReturn, item.key);
    if (named && format(item, key.rule.value_format, item.text, item.span)) {
      out.value.emplace_back(Name{item.key, item.key_span}, Name{item.text, item.span});
    }
  }
  sort_by_name(out.value, [](const auto& label) -> const Name& { return label.first; });
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.items[key.rule.max_items].key_span, diag::TooManyItems, key.name, node.items.size(),
                 key.rule.max_items);
  }
}

/// `matchLabels = { … }`, or a value that is no string.
void Binder::wrong_label(const Node& item, const Key& key) {
  diag::Report& report = wrong_type(item, item.key, "a string");
  if (trying_) return;
  const bool pair = item.span.begin >= item.key_span.end;
  if (item.kind != Node::Kind::table) {
    report.replace(item.span, toml_string(files_.text(item.span)));
  } else if (const auto labels = pair ? converted(key, item, files_) : std::nullopt) {
    report.advise(fmt::format("write the labels directly: `{} = {}`", key.name, *labels));
    report.replace({item.span.file, item.key_span.begin, item.span.end}, labels->substr(2, labels->size() - 4));
  } else {
    report.advise(fmt::format("write the labels directly: `{} = {{ app = \"orders\" }}`", key.name));
  }
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Egress>& out) {
  if (node.kind != Node::Kind::string && node.kind != Node::Kind::table) {
    out.state = State::bad;
    return;
  }
  out = {{}, node.span};
  int index = 0;
  if (node.kind == Node::Kind::string) {
    if (word(node, key, model::kWords<model::EgressMode>, index)) {
      out.value.fallback = {static_cast<model::EgressMode>(index), node.span};
    } else {
      out.state = State::bad;
    }
    return;
  }
  out.value.table = true;
  for (const Node& item : node.items) {
    if (!word(item, key, model::kWords<model::EgressMode>, index)) {
      out.state = State::bad;
      continue;
    }
    const auto mode = static_cast<model::EgressMode>(index);
    if (item.key == "default")
      out.value.fallback = {mode, item.span};
    else
      out.value.networks.emplace_back(Name{item.key, item.key_span}, mode);
  }
  sort_by_name(out.value.networks, [](const auto& entry) -> const Name& { return entry.first; });
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Selection>& out) {
  if (node.kind != Node::Kind::string && node.kind != Node::Kind::array) {
    out.state = State::bad;
    return;
  }
  out = {{}, node.span};
  const bool listed = node.kind == Node::Kind::array && node.items.size() == 1 && node.items.front().text == "*";
  if (listed || node.kind == Node::Kind::string) return;
  out.value.all = false;
  out.value.names = {{}, node.span};  // an empty list refuses everything
  if (!node.items.empty()) read(node, key, out.value.names);
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Weight>& out) {
  if (node.kind != Node::Kind::integer && node.kind != Node::Kind::table) {
    out.state = State::bad;
    return;
  }
  out = {{}, node.span};
  int number = 0;
  if (node.kind == Node::Kind::integer) {
    if (integer(node, key, number))
      out.value.fallback = {number, node.span};
    else
      out.state = State::bad;
    return;
  }
  for (const Node& item : node.items) {
    if (!integer(item, key, number)) {
      out.state = State::bad;
      continue;
    }
    const model::Value<int> weight{number, item.span};
    if (item.key == "default")
      out.value.fallback = weight;
    else
      out.value.networks.emplace_back(Name{item.key, item.key_span}, weight);
  }
  sort_by_name(out.value.networks, [](const auto& entry) -> const Name& { return entry.first; });
}

void Binder::read(const Node& node, const Key& key, model::Numbers& out) {
  out.state = State::bad;
  if (!is(node, key.name, Node::Kind::table)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  for (const Node& item : node.items) {
    int number = 0;
    if (format(item, key.rule.format, item.key, item.key_span) && integer(item, key, number))
      out.value.emplace_back(Name{item.key, item.key_span}, model::Value<int>{number, item.span});
    else
      out.state = State::bad;
  }
  sort_by_name(out.value, [](const auto& entry) -> const Name& { return entry.first; });
}

void Binder::read(const Node& node, const Key& key, model::Settings& out) { enter(node, key, &out); }

void Binder::read(const Node& node, const Key& key, model::Value<model::EgressGateway>& out) {
  out = {{}, node.key_span};
  if (node.kind != Node::Kind::table) out.state = State::bad;
  enter(node, key, &out.value);
}

void Binder::read(const Node& node, const Key& key, model::Value<std::vector<model::Port>>& out) {
  out.state = State::bad;
  if (!is(node, key.name, Node::Kind::array)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  const Path path(*this, key.name);
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::table) {
      table(item, key.table(), &out.value.emplace_back());
      continue;
    }
    out.state = State::bad;
    if (item.kind == Node::Kind::unreadable) continue;
    diag::Report& report = wrong_type(item, fmt::format("an item of {}", key.name), "a table");
    if (const auto text = converted_item(key, item, files_); text && !trying_)
      report.replace(item.span, *text);
    else
      report.advise(fmt::format("write `{} = [{{ name = \"http\", number = 80, target = 8080 }}]`", key.name));
  }
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.items[key.rule.max_items].span, diag::TooManyItems, key.name, node.items.size(),
                 key.rule.max_items);
  }
}

}  // namespace meshfed::parse

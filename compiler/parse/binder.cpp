#include "parse/binder.hpp"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/text.hpp"

namespace meshfed::parse {
namespace {

using model::Name;
using model::State;
using source::Span;

/// "a" or "b", 1.26 to …: as messages list them.
std::string listed(std::span<const std::string_view> words) {
  std::vector<std::string> quoted;
  for (const std::string_view word : words) quoted.push_back(fmt::format("\"{}\"", word));
  if (quoted.size() == 1) return quoted.front();
  const std::string last = quoted.back();
  quoted.pop_back();
  return fmt::format("{} or {}", base::join(quoted), last);
}

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return bare ? std::string(key) : fmt::format("\"{}\"", base::escaped(key));
}

template <class Item, class NameOf>
void sort_by_name(std::vector<Item>& items, NameOf name_of) {
  std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return *name_of(a) < *name_of(b); });
}

const Table* table_with(std::string_view name, const Table& but) {
  for (const Table* table : all_tables()) {
    if (table != &but && find_key(*table, name)) return table;
  }
  return nullptr;
}

void collect_names(const Table& table, std::vector<std::string_view>& names) {
  for (const Key& key : table.keys) names.push_back(key.name);
  if (table.inherited) collect_names(table.inherited(), names);
}

}  // namespace

/// Pushes a name for as long as it lives.
class Binder::Path {
 public:
  Path(Binder& binder, std::string_view name) : binder_(binder) { binder_.path_.push_back(name); }
  ~Path() { binder_.path_.pop_back(); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  Binder& binder_;
};

std::string Binder::title() const {
  if (path_.empty()) return "federation.toml";
  std::string text;
  for (const std::string_view name : path_) text += (text.empty() ? "[" : ".") + toml_key(name);
  return text + "]";
}

void Binder::table(const Node& node, const Table& table, void* object) {
  for (const Node& item : node.items) {
    const Key* key = find_key(table, item.key);
    if (!key) {
      unknown_key(item, table);
      continue;
    }
    const bool inherited = table.inherited && find_key(table.inherited(), item.key);
    void* const owner = inherited ? table.inherited_of(object) : object;
    if (key->type == Type::tables)
      tables(item, *key, owner);
    else
      key->read(*this, item, *key, owner);
  }
  for (const Key& key : table.keys) {
    if (key.required && !node.find(key.name)) missing(node, table, key, object);
  }
}

void Binder::tables(const Node& node, const Key& key, void* object) {
  const Path path(*this, node.key);
  key.read(*this, node, key, object);
}

void Binder::enter(const Node& node, const Key& key, void* object) {
  const std::string_view name = node.key.empty() ? key.name : std::string_view(node.key);
  const Path path(*this, name);
  if (is(node, name, Node::Kind::table)) table(node, key.table(), object);
}

void Binder::missing(const Node& node, const Table&, const Key& key, void* object) {
  const Span& where = node.key_span.known() ? node.key_span : node.span;
  sink_.report(where, diag::MissingKey, title(), key.name).advise(fmt::format("add `{}`: {}", key.name, key.meaning));
  key.poison(object);
}

void Binder::unknown_key(const Node& node, const Table& table) {
  const std::string shown = base::escaped(node.key);
  if (path_.empty() && node.kind == Node::Kind::table && !table_with(node.key, table)) {
    diag::Report& report = sink_.report(node.key_span, diag::UnknownTable, shown);
    std::vector<std::string_view> names;
    collect_names(table, names);
    if (const auto near = base::closest(node.key, names))
      report.replace(node.key_span, std::string(*near));
    else
      report.advise("its tables are federation, defaults, mesh, network, cluster, export and fragment");
    return;
  }
  if (const Table* owner = table_with(node.key, table)) {
    sink_.report(node.key_span, diag::MisplacedKey, shown, title(), owner->title);
    return;
  }
  diag::Report& report = sink_.report(node.key_span, diag::UnknownKey, shown, title());
  std::vector<std::string_view> names;
  collect_names(table, names);
  if (const auto near = base::closest(node.key, names))
    report.replace(node.key_span, std::string(*near));
  else
    report.advise(fmt::format("its keys are {}", base::join(names)));
}

void Binder::wrong_type(const Node& node, std::string_view name, std::string_view expected) {
  diag::Report& report = sink_.report(node.span, diag::WrongType, name, kind_name(node.kind), expected);
  const std::string_view written = files_.text(node.span);
  if (expected == "a string" && !written.empty() && node.kind != Node::Kind::table && node.kind != Node::Kind::array) {
    report.replace(node.span, fmt::format("\"{}\"", written));
  } else if (expected.starts_with("a list") && node.kind == Node::Kind::string) {
    report.replace(node.span, fmt::format("[{}]", written));
  } else {
    report.advise(fmt::format("write {}", expected));
  }
}

bool Binder::is(const Node& node, std::string_view name, Node::Kind kind) {
  if (node.kind == kind) return true;
  wrong_type(node, name, kind_name(kind));
  return false;
}

bool Binder::format(const Node& node, Format format, std::string_view text, const Span& span) {
  const std::optional<Flaw> flaw = flaw_of(format, text);
  if (!flaw) {
    if (format == Format::address && is_disguised_address(text)) sink_.report(span, diag::DisguisedAddress, text);
    return true;
  }
  // Only a string without escapes has its bytes where its text has them.
  const std::string_view written = files_.text(span);
  const std::size_t offset = written.find(text);
  Span guilty = span;
  if (flaw->end > flaw->begin && offset != std::string_view::npos) {
    guilty.begin = span.begin + static_cast<std::uint32_t>(offset + flaw->begin);
    guilty.end = span.begin + static_cast<std::uint32_t>(offset + flaw->end);
  }
  const std::string shown = base::escaped(text);
  switch (format) {
    case Format::dns_label:
      sink_.report(guilty, diag::NotADnsLabel, shown, flaw->text);
      break;
    case Format::dns_name:
      sink_.report(guilty, diag::NotADnsName, shown, flaw->text);
      break;
    case Format::label_key:
      sink_.report(guilty, diag::NotALabelKey, shown, flaw->text);
      break;
    case Format::label_value:
      sink_.report(guilty, diag::NotALabelValue, shown, flaw->text);
      break;
    case Format::address:
      sink_.report(guilty, diag::NotAnAddress, shown, flaw->text);
      break;
    case Format::ip:
      sink_.report(guilty, diag::NotAnIp, shown);
      break;
    case Format::locality:
      sink_.report(guilty, diag::NotALocality, shown, flaw->text);
      break;
    case Format::caller:
      sink_.report(guilty, diag::MalformedCaller, shown, flaw->text);
      break;
    case Format::code:
      sink_.report(guilty, diag::UnknownAcceptCode, shown);
      break;
    case Format::path:
      sink_.report(guilty, diag::Empty, node.key.empty() ? "include" : node.key);
      break;
    case Format::any:
      break;
  }
  return false;
}

Name Binder::text_item(const Node& item, const Key& key) {
  Name name;
  name.span = item.span;
  name.state = State::bad;
  if (item.kind != Node::Kind::string) {
    wrong_type(item, key.name, "a string");
    return name;
  }
  name.value = item.text;
  if (key.rule.star && item.text == "*") {
    name.state = State::given;
  } else if (item.text.empty() && key.rule.format != Format::any) {
    sink_.report(item.span, diag::Empty, key.name);
  } else if (format(item, key.rule.format, item.text, item.span)) {
    name.state = State::given;
  }
  return name;
}

Name Binder::table_name(const Node& item, const Key& key) {
  Name name{item.key, item.key_span};
  if (!format(item, key.rule.format, item.key, item.key_span)) name.state = State::bad;
  return name;
}

bool Binder::word(const Node& node, const Key& key, std::span<const std::string_view> words, int& index) {
  if (node.kind != Node::Kind::string) {
    wrong_type(node, node.key.empty() ? key.name : std::string_view(node.key), "a string");
    return false;
  }
  const auto found = std::find(words.begin(), words.end(), node.text);
  index = static_cast<int>(found - words.begin());
  if (found != words.end()) return true;
  const std::string shown = base::escaped(node.text);
  // Not a slip of the pen: UDP exists, and cannot be had.
  if (key.words.data() == model::kWords<model::Protocol> && base::edit_distance(node.text, "udp", 0) == 0) {
    sink_.report(node.span, diag::UdpPort, shown);
    return false;
  }
  diag::Report& report = key.rule.version
                             ? sink_.report(node.span, diag::UnknownVersion, key.name, shown, base::join(words))
                             : sink_.report(node.span, diag::UnknownWord, key.name, shown, listed(words));
  const auto near = key.rule.version ? std::nullopt : base::closest(node.text, words);
  if (near)
    report.replace(node.span, fmt::format("\"{}\"", *near));
  else
    report.advise(fmt::format("write one of {}", base::join(words)));
  return false;
}

bool Binder::integer(const Node& node, const Key& key, int& number) {
  if (node.kind != Node::Kind::integer) {
    wrong_type(node, node.key.empty() ? key.name : std::string_view(node.key), "an integer");
    return false;
  }
  if (node.integer < key.rule.min || node.integer > key.rule.max) {
    sink_.report(node.span, diag::OutOfRange, key.name, node.integer, key.rule.min, key.rule.max)
        .advise(fmt::format("write a number from {} to {}", key.rule.min, key.rule.max));
    return false;
  }
  number = static_cast<int>(node.integer);
  return true;
}

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

void Binder::read(const Node& node, const Key& key, Name& out) {
  out = text_item(node, key);
  if (out.given() && out->empty()) sink_.report(node.span, diag::Empty, key.name);
}

void Binder::read(const Node& node, const Key& key, model::Names& out) {
  out.state = State::bad;
  if (!is(node, key.name, Node::Kind::array)) return;
  if (node.items.empty()) {
    sink_.report(node.span, diag::Empty, key.name);
    return;
  }
  out = {{}, node.span};
  for (const Node& item : node.items) {
    Name name = text_item(item, key);
    const auto same = [&](const Name& other) { return other.usable() && *other == *name; };
    // Lists are short; the long ones (`imports`) are sorted out when their names are looked up.
    const bool repeated = node.items.size() <= 1000 && name.given() && std::any_of(out->begin(), out->end(), same);
    if (repeated)
      sink_.report(item.span, diag::DuplicateItem, key.name, base::escaped(*name));
    else
      out.value.push_back(std::move(name));
  }
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.span, diag::TooManyItems, key.name, node.items.size(), key.rule.max_items);
  }
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
    if (!is(item, item.key, Node::Kind::string)) continue;
    const bool named = format(item, key.rule.format, item.key, item.key_span);
    const bool free = key.rule.value_format == Format::any;  // any other format forbids control characters
    if (free && item.text.find('\r') != std::string::npos)
      sink_.report(item.span, diag::CarriageReturn, base::escaped(item.key));
    if (named && format(item, key.rule.value_format, item.text, item.span)) {
      out.value.emplace_back(Name{item.key, item.key_span}, Name{item.text, item.span});
    }
  }
  sort_by_name(out.value, [](const auto& label) -> const Name& { return label.first; });
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Egress>& out) {
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
  if (node.kind != Node::Kind::table) {
    out.state = State::bad;
    wrong_type(node, key.name, "a string or a table");
    return;
  }
  out.value.table = true;
  for (const Node& item : node.items) {
    if (!word(item, key, model::kWords<model::EgressMode>, index)) continue;
    const auto mode = static_cast<model::EgressMode>(index);
    if (item.key == "default")
      out.value.fallback = {mode, item.span};
    else
      out.value.networks.emplace_back(Name{item.key, item.key_span}, mode);
  }
  sort_by_name(out.value.networks, [](const auto& entry) -> const Name& { return entry.first; });
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Selection>& out) {
  out = {{}, node.span};
  if (node.kind == Node::Kind::string && node.text == "*") return;
  if (node.kind != Node::Kind::array) {
    out.state = State::bad;
    wrong_type(node, key.name, "a list, or \"*\"");
    return;
  }
  out.value.all = false;
  out.value.names = {{}, node.span};  // an empty list refuses everything
  if (!node.items.empty()) read(node, key, out.value.names);
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Weight>& out) {
  out = {{}, node.span};
  int number = 0;
  if (node.kind == Node::Kind::integer) {
    if (integer(node, key, number))
      out.value.fallback = {number, node.span};
    else
      out.state = State::bad;
    return;
  }
  if (node.kind != Node::Kind::table) {
    out.state = State::bad;
    wrong_type(node, key.name, "an integer or a table");
    return;
  }
  for (const Node& item : node.items) {
    if (!integer(item, key, number)) continue;
    const model::Value<int> weight{number, item.span};
    if (item.key == "default")
      out.value.fallback = weight;
    else
      out.value.networks.emplace_back(Name{item.key, item.key_span}, weight);
  }
  sort_by_name(out.value.networks, [](const auto& entry) -> const Name& { return entry.first; });
}

void Binder::read(const Node& node, const Key& key, model::Settings& out) { enter(node, key, &out); }

void Binder::read(const Node& node, const Key& key, model::Value<std::optional<model::Gateway>>& out) {
  out = {model::Gateway{}, node.key_span};
  if (node.kind != Node::Kind::table) out.state = State::bad;
  enter(node, key, &*out.value);
}

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
    if (is(item, key.name, Node::Kind::table)) table(item, key.table(), &out.value.emplace_back());
  }
  if (node.items.size() > key.rule.max_items) {
    sink_.report(node.span, diag::TooManyItems, key.name, node.items.size(), key.rule.max_items);
  }
}

}  // namespace meshfed::parse

#include "parse/binder.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/ascii.hpp"
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
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return base::is_alphanumeric(c) || c == '-' || c == '_';
  });
  return bare ? std::string(key) : fmt::format("\"{}\"", base::escaped(key));
}

/// The titles of the tables that have the key, the top level only if there is no other; empty if none has.
std::string tables_with(std::string_view name, const Table& but) {
  std::vector<std::string_view> titles;
  for (const Table* table : all_tables()) {
    const auto has = [&](const Key& key) { return key.name == name; };
    if (table != &but && std::any_of(table->keys.begin(), table->keys.end(), has)) titles.push_back(table->title);
  }
  std::erase_if(titles, [&](std::string_view title) { return titles.size() > 1 && title == root_table().title; });
  return base::join(titles, ", ");
}

/// The first sentence of a key's meaning as part of a message.
std::string in_passing(std::string_view meaning) {
  std::string text(meaning.substr(0, std::min(meaning.find(". "), meaning.size())));
  if (text.ends_with('.')) text.pop_back();
  const bool acronym = text.size() > 1 && base::is_upper(text[1]);
  if (!acronym) text[0] = base::to_lower(text[0]);
  return text;
}

void collect_names(const Table& table, std::vector<std::string_view>& names) {
  for (const Key& key : table.keys) names.push_back(key.name);
  if (table.inherited) collect_names(table.inherited(), names);
}

}  // namespace

std::string Binder::title() const {
  if (path_.empty()) return "federation.toml";
  std::string text;
  for (const std::string_view name : path_) text += (text.empty() ? "[" : ".") + toml_key(base::shortened(name, 100));
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
  sink_.report(where, diag::MissingKey, title(), key.name)
      .advise(fmt::format("add `{}`: {}", key.name, in_passing(key.meaning)));
  key.poison(object);
}

void Binder::unknown_key(const Node& node, const Table& table) {
  if (path_.empty() && node.kind == Node::Kind::table && tables_with(node.key, table).empty()) {
    diag::Report& report = sink_.report(node.key_span, diag::UnknownTable, node.key);
    std::vector<std::string_view> names;
    collect_names(table, names);
    if (const auto near = base::closest(node.key, names))
      report.replace(node.key_span, std::string(*near));
    else
      report.advise("its tables are federation, defaults, mesh, network, cluster, export and fragment");
    return;
  }
  if (const std::string owners = tables_with(node.key, table); !owners.empty()) {
    sink_.report(node.key_span, diag::MisplacedKey, node.key, title(), owners);
    return;
  }
  diag::Report& report = sink_.report(node.key_span, diag::UnknownKey, node.key, title());
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
  const bool text = node.kind == Node::Kind::string;
  const bool scalar = node.kind != Node::Kind::table && node.kind != Node::Kind::array;
  const bool digits = !node.text.empty() && node.text.find_first_not_of("0123456789") == std::string::npos;
  if (expected == "a string" && scalar) {
    report.replace(node.span, fmt::format("\"{}\"", written));
  } else if (expected.starts_with("a list") && text) {
    report.replace(node.span, fmt::format("[{}]", written));
  } else if ((expected == "an integer" && text && digits) ||
             (expected == "a boolean" && (node.text == "true" || node.text == "false"))) {
    report.replace(node.span, node.text);
  } else if (expected == "a boolean") {
    report.advise("write true or false, without quotes");
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
  const std::optional<FormatError> flaw = flaw_of(format, text);
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
  switch (format) {
    case Format::dns_label:
      sink_.report(guilty, diag::NotADnsLabel, text, flaw->text);
      break;
    case Format::dns_name:
    case Format::dns_subdomain:
    case Format::host_pattern:
    case Format::revision:
      sink_.report(guilty, diag::NotADnsName, text, flaw->text);
      break;
    case Format::label_key:
    case Format::annotation_key:
      sink_.report(guilty, diag::NotALabelKey, text, flaw->text);
      break;
    case Format::label_value:
      sink_.report(guilty, diag::NotALabelValue, text, flaw->text);
      break;
    case Format::address:
      sink_.report(guilty, diag::NotAnAddress, text, flaw->text);
      break;
    case Format::ip:
      sink_.report(guilty, diag::NotAnIp, text);
      break;
    case Format::block:
      sink_.report(guilty, diag::NotABlock, text);
      break;
    case Format::locality:
      sink_.report(guilty, diag::NotALocality, text, flaw->text);
      break;
    case Format::caller:
      sink_.report(guilty, diag::MalformedCaller, text, flaw->text);
      break;
    case Format::code:
      sink_.report(guilty, diag::UnknownAcceptCode, text);
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
  } else {
    name.value = base::shortened(item.text, diag::kMaxShownValue);
  }
  return name;
}

Name Binder::table_name(const Node& item, const Key& key) {
  Name name{item.key, item.key_span};
  if (!format(item, key.rule.format, item.key, item.key_span)) {
    name.value = base::shortened(item.key, diag::kMaxShownValue);
    name.state = State::bad;
  }
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
  // Not a slip of the pen: UDP exists, and cannot be had.
  if (key.words.data() == model::kWords<model::Protocol> && base::edit_distance(node.text, "udp", 0) == 0) {
    sink_.report(node.span, diag::UdpPort, fmt::format("protocol = \"{}\"", node.text));
    return false;
  }
  diag::Report& report = key.rule.version
                             ? sink_.report(node.span, diag::UnknownVersion, key.name, node.text, base::join(words))
                             : sink_.report(node.span, diag::UnknownWord, key.name, node.text, listed(words));
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
    if (key.rule.version)
      sink_.report(node.span, diag::UnsupportedVersion, node.integer);
    else
      sink_.report(node.span, diag::OutOfRange, key.name, node.integer, key.rule.min, key.rule.max)
          .advise(fmt::format("write a number from {} to {}", key.rule.min, key.rule.max));
    return false;
  }
  number = static_cast<int>(node.integer);
  return true;
}

}  // namespace meshfed::parse

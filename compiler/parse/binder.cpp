#include "parse/binder.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/ascii.hpp"
#include "base/closest.hpp"
#include "base/text.hpp"
#include "parse/forms.hpp"
#include "parse/types.hpp"
#include "syntax/document.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {
namespace {

using model::Name;
using model::State;
using source::Span;
using syntax::has_header;
using syntax::kind_name;
using syntax::Node;
using syntax::parse_value;
using syntax::toml_key;
using syntax::toml_string;

/// "a" or "b", 1.26 to …: as messages list them.
std::string listed(std::span<const std::string_view> words) {
  std::vector<std::string> quoted;
  for (const std::string_view word : words) quoted.push_back(fmt::format("\"{}\"", word));
  if (quoted.size() == 1) return quoted.front();
  const std::string last = quoted.back();
  quoted.pop_back();
  return fmt::format("{} or {}", base::join(quoted), last);
}

void move_to(Node& node, const Span& span) {
  node.span = node.key_span = span;
  for (Node& item : node.items) move_to(item, span);
}

}  // namespace

std::string Binder::title() const {
  if (path_.empty()) return "federation.toml";
  std::string text;
  for (const std::string_view name : path_) text += (text.empty() ? "[" : ".") + toml_key(base::shortened(name, 100));
  return text + "]";
}

void Binder::table(const Node& node, const Table& table, void* object) {
  std::vector<const Node*> outer_known = std::exchange(known_, {});
  std::vector<std::string_view> outer_meant = std::exchange(meant_, {});
  for (const Node& item : node.items) {
    if (find_key(table, item.key)) known_.push_back(&item);
  }
  for (const Node& item : node.items) {
    const Key* key = find_key(table, item.key);
    if (key)
      take(item, *key, table, object);
    else if (item.kind != Node::Kind::unreadable)
      unknown_key(item, table, object);
  }
  const auto is_meant = [&](const Key& key) {
    return std::find(meant_.begin(), meant_.end(), key.name) != meant_.end();
  };
  for (const Key& key : table.keys) {
    if (!key.required || node.find(key.name) || is_meant(key)) continue;
    if (!may_lack(table, object)) missing(node, table, key, object);
  }
  poison_absent(node, table, object);
  known_ = std::move(outer_known);
  meant_ = std::move(outer_meant);
}

void Binder::take(const Node& item, const Key& key, const Table& table, void* object) {
  const bool inherited = table.inherited && find_key(table.inherited(), key.name);
  void* const owner = inherited ? table.inherited_of(object) : object;
  if (item.kind != Node::Kind::unreadable && !fits(item, key))
    mistyped(item, key, table, owner);
  else if (key.type == Type::tables)
    tables(item, key, owner);
  else
    key.read(*this, item, key, owner);
}

void Binder::tables(const Node& node, const Key& key, void* object) {
  const Path path(*this, node.key);
  key.read(*this, node, key, object);
}

void Binder::enter(const Node& node, const Key& key, void* object) {
  const std::string_view name = node.key.empty() ? key.name : std::string_view(node.key);
  const Path path(*this, name);
  if (node.kind == Node::Kind::table) {
    table(node, key.table(), object);
    return;
  }
  Node nothing;
  nothing.incomplete = true;
  poison_absent(nothing, key.table(), object);
}

/// After the report, what was meant is read, or else marked as reported.
void Binder::mistyped(const Node& item, const Key& key, const Table& table, void* object) {
  if (key.type == Type::tables && listed_tables(item, key, object)) return;
  Node gone = item;
  gone.kind = Node::Kind::unreadable;
  if (item.text == "*" && (key.type == Type::strings)) {
    only_everybody(item, key);
    key.read(*this, gone, key, object);
    return;
  }
  if (item.kind == Node::Kind::string && variable(item.text, item.span)) {
    key.read(*this, gone, key, object);
    return;
  }
  diag::Report& report = wrong_type(item, key.name, type_name(key));
  if (trying_) return;
  const std::optional<std::string> text = has_header(item) ? std::nullopt : converted(key, item, files_);
  std::optional<Node> meant = text ? value_of(*text, key, item.span) : std::nullopt;
  if (meant) {
    report.replace(item.span, *text);
    meant->key = item.key;
    meant->key_span = item.key_span;
  } else if (item.kind == Node::Kind::boolean && key.type == Type::table && !item.boolean) {
    report.advise(fmt::format("leave `{}` out: there is none without it", key.name));
  } else {
    report.advise(fmt::format("write `{} = {}`", key.name, example_of(table, key)));
  }
  key.read(*this, meant ? *meant : gone, key, object);
}

/// `from = "*"`: everybody can see an export, but nobody serves it by that.
void Binder::only_everybody(const Node& item, const Key& key) {
  diag::Report& report = sink_.report(item.span, diag::WrongType, base::quoted(key.name), "\"*\"", "a list of names");
  if (key.name == "from" || key.name == "merge")
    report.advise(fmt::format("name the meshes or clusters that serve the export: `{} = [\"west-mesh\"]`", key.name));
  else
    report.advise(fmt::format("`*` does not stand for all here: list each of them"));
}

std::optional<Node> Binder::value_of(std::string_view text, const Key& key, const Span& span) const {
  std::optional<Node> node = parse_value(text);
  if (!node) return std::nullopt;
  node->key = key.name;
  move_to(*node, span);
  if (!fits(*node, key) || !reads(*node, key)) return std::nullopt;
  return node;
}

bool Binder::reads(const Node& node, const Key& key) const {
  diag::Sink unseen;
  Binder trial(files_, unseen);
  trial.trying_ = true;
  key.attempt(trial, node, key);
  const auto& reports = unseen.reports();
  return std::none_of(reports.begin(), reports.end(), [](const diag::Report& report) {
    return report.row->severity == diag::Severity::error && report.row != &diag::MissingKey.kRow;
  });
}

diag::Report& Binder::wrong_type(const Node& node, std::string_view name, std::string_view expected) {
  constexpr std::string_view kItem = "an item of ";
  const bool item = name.starts_with(kItem);
  const std::string shown =
      fmt::format("{}`{}`", item ? kItem : "", base::shortened(item ? name.substr(kItem.size()) : name, 200));
  return sink_.report(node.span, diag::WrongType, shown, kind_name(node.kind), expected);
}

bool Binder::is(const Node& node, std::string_view name, Node::Kind kind) {
  if (node.kind == kind) return true;
  if (node.kind != Node::Kind::unreadable) wrong_type(node, name, kind_name(kind));
  return false;
}

namespace {

/// Where the flaw of `text` is, which is `written` in `span`: only a string without escapes has its bytes where its
/// text has them.
Span guilty_bytes(std::string_view written, std::string_view text, const Span& span, const FormatError& flaw) {
  const std::size_t offset = written.find(text);
  if (flaw.end <= flaw.begin || offset == std::string_view::npos) return span;
  Span guilty = span;
  guilty.begin = span.begin + static_cast<std::uint32_t>(offset + flaw.begin);
  guilty.end = span.begin + static_cast<std::uint32_t>(offset + flaw.end);
  return guilty;
}

}  // namespace

bool Binder::format(const Node& node, Format format, std::string_view text, const Span& span) {
  const std::optional<FormatError> flaw = flaw_of(format, text);
  if (flaw && variable(text, span)) return false;
  if (!flaw) {
    if (format == Format::address && is_disguised_address(text)) sink_.report(span, diag::DisguisedAddress, text);
    return true;
  }
  const std::string_view written = files_.text(span);
  const Span guilty = guilty_bytes(written, text, span, *flaw);
  diag::Report* report = nullptr;
  switch (format) {
    case Format::dns_label:
      report = &sink_.report(guilty, diag::NotADnsLabel, text, flaw->text);
      break;
    case Format::dns_name:
    case Format::dns_subdomain:
    case Format::host_pattern:
    case Format::revision:
      report = &sink_.report(guilty, diag::NotADnsName, text, flaw->text);
      break;
    case Format::label_key:
    case Format::annotation_key:
      report = &sink_.report(guilty, diag::NotALabelKey, text, flaw->text);
      break;
    case Format::label_value:
      report = &sink_.report(guilty, diag::NotALabelValue, text, flaw->text);
      break;
    case Format::address:
      report = &sink_.report(guilty, diag::NotAnAddress, text, flaw->text);
      break;
    case Format::ip:
      report = &sink_.report(guilty, diag::NotAnIp, text);
      break;
    case Format::block:
      report = &sink_.report(guilty, diag::NotABlock, text);
      break;
    case Format::locality:
      report = &sink_.report(guilty, diag::NotALocality, text, flaw->text);
      break;
    case Format::caller:
      report = &sink_.report(guilty, diag::MalformedCaller, text, flaw->text);
      break;
    case Format::code:
      report = &sink_.report(guilty, diag::UnknownAcceptCode, text);
      break;
    case Format::path:
      report = &sink_.report(guilty, diag::Empty, node.key.empty() ? "include" : node.key);
      break;
    case Format::any:
      break;
  }
  std::string mended = mended_form(format, text);
  const Node* meshes = format == Format::caller && document_ ? document_->find("mesh") : nullptr;
  if (meshes && mended.empty() && sink_.wants_search(meshes->items.size()))
    mended = caller_of_identity(text, *document_);
  if (mended.empty() || trying_) return false;
  const bool key = written.find_first_of("\"'") != 0 || span == node.key_span;
  report->replace(span, key ? toml_key(mended) : toml_string(mended));
  return false;
}

/// `${WEST_GATEWAY}`: true if that was reported.
bool Binder::variable(std::string_view text, const Span& span) {
  const std::optional<Placeholder> found = placeholder_in(text);
  if (!found) return false;
  const std::size_t offset = files_.text(span).find(text);
  Span guilty = span;
  if (offset != std::string_view::npos) {
    guilty.begin = span.begin + static_cast<std::uint32_t>(offset + found->begin);
    guilty.end = span.begin + static_cast<std::uint32_t>(offset + found->end);
  }
  sink_.report(guilty, diag::Placeholder, text.substr(found->begin, found->end - found->begin), found->what);
  return true;
}

Name Binder::text_item(const Node& item, const Key& key) {
  Name name;
  name.span = item.span;
  name.state = State::bad;
  if (item.kind == Node::Kind::unreadable) return name;
  if (item.kind != Node::Kind::string) {
    const std::string what = item.key.empty() ? fmt::format("an item of {}", key.name) : std::string(key.name);
    diag::Report& report = wrong_type(item, what, "a string");
    if (const auto text = converted_item(key, item, files_); text && !trying_)
      report.replace(item.span, *text);
    else
      report.advise(fmt::format("write strings, in quotes: `{} = [\"…\"]`", key.name));
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
    // Others may already refer to it by the name that it will have.
    const std::string mended = mended_form(key.rule.format, item.key);
    name.value = mended.empty() ? base::shortened(item.key, diag::kMaxShownValue) : mended;
    name.state = State::bad;
  }
  return name;
}

bool Binder::word(const Node& node, const Key& key, std::span<const std::string_view> words, int& index) {
  if (node.kind == Node::Kind::unreadable) return false;
  if (node.kind != Node::Kind::string) {
    diag::Report& report = wrong_type(node, node.key, "a string");
    if (trying_) return false;
    if (const auto text = converted(key, node, files_))
      report.replace(node.span, *text);
    else
      report.advise(fmt::format("write {}", listed(words)));
    return false;
  }
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (found == words.end() && variable(node.text, node.span)) return false;
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
  auto near = key.rule.version ? std::nullopt : base::closest(node.text, words);
  if (!near) near = meant_word(node.text, words);
  if (near)
    report.replace(node.span, fmt::format("\"{}\"", *near));
  else
    report.advise(fmt::format("write one of {}", base::join(words)));
  return false;
}

}  // namespace meshfed::parse

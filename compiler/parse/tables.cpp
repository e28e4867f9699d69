// Tables by name, [export.NAME] and [export.NAME.at.WHO], and the other ways in which people write them.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "parse/binder.hpp"
#include "parse/forms.hpp"
#include "syntax/edits.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {

using source::Span;
using syntax::Edit;
using syntax::fix_with;
using syntax::has_header;
using syntax::Node;
using syntax::removal;
using syntax::toml_key;
using syntax::toml_string;

/// The header of the table `name` below the one at hand, or below its key `kind`.
std::string Binder::header_below(std::string_view kind, std::string_view name) const {
  std::string text = "[";
  for (const std::string_view part : path_) text += toml_key(part) + ".";
  if (!kind.empty()) text += toml_key(kind) + ".";
  return text + toml_key(name) + "]";
}

/// [[cluster]] with a `name` in each, for [cluster.NAME].
bool Binder::listed_tables(const Node& item, const Key& key, void* object) {
  if (item.kind != Node::Kind::array || item.items.empty()) return false;
  Node meant = item;
  meant.kind = Node::Kind::table;
  std::vector<Edit> edits;
  const bool headers = files_.text(item.span).starts_with("[[") && has_header(item);
  // [mesh.west] below [[mesh]] is of its last item, and meant to be one beside it.
  std::vector<Node> beside;
  for (Node& table : meant.items) {
    const auto own = [&](const Node& one) { return one.kind != Node::Kind::table || find_key(key.table(), one.key); };
    const auto others = std::stable_partition(table.items.begin(), table.items.end(), own);
    std::move(others, table.items.end(), std::back_inserter(beside));
    table.items.erase(others, table.items.end());
  }
  for (Node& table : meant.items) {
    const Node* name = table.find("name");
    if (!name || name->kind != Node::Kind::string) return false;
    table.key = name->text;
    table.key_span = name->span;
    table.span = headers ? table.span : item.span;
    const std::string header = header_below(key.name, name->text);
    if (headers) {
      edits.push_back({table.span, header});
      edits.push_back(removal(files_, {name->span.file, name->key_span.begin, name->span.end}));
    }
    const auto at = static_cast<std::size_t>(name - table.items.data());
    table.items.erase(table.items.begin() + static_cast<std::ptrdiff_t>(at));
  }
  diag::Report& report = sink_.report(headers ? meant.items.front().span : item.span, diag::WrongType,
                                      base::quoted(key.name), "a list", "a table");
  report.advise(fmt::format("the name belongs in the header: write `{}`, without `name`",
                            header_below(key.name, meant.items.front().key)));
  if (headers && !trying_) fix_with(report, files_, std::move(edits));
  std::move(beside.begin(), beside.end(), std::back_inserter(meant.items));
  tables(meant, key, object);
  return true;
}

/// An item of [cluster.*] that is no table.
void Binder::no_table(const Node& item, const Key& key) {
  if (item.kind == Node::Kind::unreadable) return;
  diag::Report& report = wrong_type(item, item.key, "a table");
  const auto text = trying_ ? std::nullopt : converted_item(key, item, files_);
  if (text)
    report.replace(item.span, *text);
  else
    report.advise(fmt::format("write a table: `{}`", header_below("", item.key)));
}

/// The key is the last part of a [header].
bool Binder::ends_header(const Node& node) const {
  const std::string_view text = files_.text(node.key_span.file);
  const std::size_t next = text.find_first_not_of(" \t", node.key_span.end);
  return files_.text(node.span).starts_with('[') && next != std::string_view::npos && text[next] == ']';
}

/// [export.orders.shop.example]: dots without quotes make tables within tables. The table as it was meant, if so.
std::optional<Node> Binder::split_name(const Node& item, const Key& key) {
  const Node* inner = &item;
  std::string name = item.key;
  while (inner->kind == Node::Kind::table && inner->items.size() == 1 && !find_key(key.table(), inner->items[0].key) &&
         inner->items[0].kind == Node::Kind::table) {
    inner = &inner->items.front();
    if (inner->key == "metadata" || inner->key == "spec") return std::nullopt;
    name += "." + inner->key;
  }
  if (inner == &item || !ends_header(*inner) || ends_header(item)) return std::nullopt;
  const auto is_own = [&](const Node& one) { return find_key(key.table(), one.key) != nullptr; };
  if (key.rule.format != Format::dns_label || std::none_of(inner->items.begin(), inner->items.end(), is_own))
    return std::nullopt;
  Node whole = *inner;
  whole.key_span = {item.key_span.file, item.key_span.begin, inner->key_span.end};
  diag::Report& report = sink_.report(whole.key_span, diag::NotADnsLabel, name, "`.` is not allowed");
  const bool exported = key.name == "export";
  whole.key = exported ? item.key : mended_form(Format::dns_label, name);
  const bool host = exported && !inner->find("host") && !trying_;
  report.replace(inner->span, fmt::format("{}{}", header_below("", whole.key),
                                          host ? fmt::format("\nhost = {}", toml_string(name)) : std::string()));
  return whole;
}

bool Binder::is_mesh_or_cluster(std::string_view name) const {
  for (const std::string_view kind : {"mesh", "cluster"}) {
    const Node* tables = document_ ? document_->find(kind) : nullptr;
    if (tables && sink_.wants_search(tables->items.size()) && tables->find(name)) return true;
  }
  return false;
}

/// [export.orders.west], for [export.orders.at.west]: reports and reads it. False if nothing of the kind is meant.
bool Binder::place_without_at(const Node& item, const Table& table, void* object) {
  const Key* at = find_key(table, "at");
  if (!at || item.kind != Node::Kind::table || !is_mesh_or_cluster(item.key)) return false;
  diag::Report& report = report_unknown(item);
  if (trying_) return true;
  report.advise(fmt::format("what differs in one mesh or cluster belongs in `at`: write `at.{}`", toml_key(item.key)));
  rename_table(item, fmt::format("at.{}", toml_key(item.key)), report);
  if (known("at")) return true;
  Node all = item;
  all.key = "at";
  all.items = {item};
  take(all, *at, table, object);
  return true;
}

/// `share` beside `to = ["east"]`, for `at.east.share`: the edit, if there is one place alone that can be meant.
void Binder::propose_place(const Node& item, diag::Report& report) {
  std::vector<std::string_view> places;
  const std::string_view others = item.key == "share" ? "to" : "from";
  for (const Node* names : {known("merge"), known(others)}) {
    if (!names) continue;
    for (const Node& name : names->items) places.push_back(name.text);
  }
  report.advise("move it to a table `[export.NAME.at.WHO]` of a mesh or cluster");
  if (places.size() != 1 || places.front() == "*" || known("at")) return;
  report.replace({item.key_span.file, item.key_span.begin, item.key_span.begin},
                 fmt::format("at.{}.", toml_key(places.front())));
}

}  // namespace meshfed::parse

// Keys that stand in a wrong table, and names that say more than a key takes: the edits that put each thing where it
// belongs.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "parse/binder.hpp"
#include "parse/formats.hpp"
#include "parse/written.hpp"
#include "syntax/edits.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {
namespace {

using source::Span;
using syntax::below;
using syntax::Edit;
using syntax::fix_with;
using syntax::Node;
using syntax::removal;
using syntax::Statement;
using syntax::toml_key;
using syntax::toml_string;

/// What stands before a key in its line: the rest of a dotted key, or, in braces, anything.
Span before_key(const source::Manager& files, const Node& item) {
  const std::string_view text = files.text(item.key_span.file);
  const std::size_t end = text.substr(0, item.key_span.begin).rfind('\n');
  std::size_t begin = end == std::string_view::npos ? 0 : end + 1;
  while (text[begin] == ' ' || text[begin] == '\t') ++begin;
  return {item.key_span.file, narrow(begin), item.key_span.begin};
}

/// Null if there is none.
const Statement* statement_around(const std::vector<Statement>& all, std::size_t at) {
  const auto after = std::ranges::upper_bound(all, at, {}, &Statement::begin);
  return after == all.begin() ? nullptr : &*std::prev(after);
}

bool is_in_braces(std::string_view before) { return before.find_first_of("{,=") != std::string_view::npos; }

}  // namespace

/// Where the key belongs, if there is one table of the kind that lacks it.
void Binder::propose_move(const Node& item, const Table& owner, diag::Report& report) {
  if (!sink_.wants_search(statements(item.key_span.file).size())) return;
  const std::string_view kind = owner.name.substr(0, owner.name.find('.'));
  if (path_.empty() && item.kind == Node::Kind::table && !is_pair(item)) {
    // [gateway] below [cluster.west]: the table of the header before it.
    const Statement* before = nullptr;
    for (const Statement& one : statements(item.key_span.file)) {
      if (one.end >= item.key_span.begin) break;
      if (one.kind == Statement::Kind::header) before = &one;
    }
    const bool below_owner =
        before && before->path.size() == 2 && before->path[0].name == kind && owner.name == fmt::format("{}.*", kind);
    if (!below_owner) return;
    report.replace({item.key_span.file, item.key_span.begin, item.key_span.begin},
                   fmt::format("{}.{}.", kind, toml_key(before->path[1].name)));
    return;
  }
  const Node* found = document_ ? document_->find(kind) : nullptr;
  if (!found || found->kind != Node::Kind::table || !is_pair(item)) return;
  const bool inside = path_.size() > 2 && path_.front() == kind && owner.name == fmt::format("{}.*", kind);
  if (const Node* outer = inside ? found->find(path_[1]) : nullptr) {
    propose_above(item, *outer, report);
    return;
  }
  std::vector<const Node*> tables{found};
  const bool of_mesh =
      path_.size() == 2 && path_[0] == "cluster" && owner.name == "mesh.*";  // of `mesh` of the cluster
  const Node* own = of_mesh ? known(kind) : nullptr;
  const Node* named = own ? found->find(own->text) : nullptr;
  if (named) {
    tables = {named};
  } else if (owner.name == fmt::format("{}.*", kind)) {
    tables.clear();
    for (const Node& one : found->items) tables.push_back(&one);
  } else if (owner.name.find('.') != std::string_view::npos) {
    return;
  }
  const std::size_t all = tables.size();
  std::erase_if(tables, [&](const Node* one) { return one->find(item.key) != nullptr; });
  const Edit away = removal(files_, statement_of(item));
  if (tables.empty() && all > 0) {
    report.advise(fmt::format("remove it: {} has its own", owner.title));
    fix_with(report, files_, {away});
  } else if (tables.size() == 1 && files_.text(tables.front()->span).starts_with('[')) {
    fix_with(report, files_,
             {away, {below(files_, tables.front()->span), fmt::format("\n{}", files_.text(statement_of(item)))}});
  }
}

/// `prefer` in [export.orders.at.east], for [export.orders]: into the table that it is a part of.
void Binder::propose_above(const Node& item, const Node& outer, diag::Report& report) {
  const std::string header = fmt::format("[{}.{}]", path_[0], toml_key(path_[1]));
  if (outer.find(item.key)) {
    report.advise(fmt::format("remove it: {} has its own", header));
    remove_statement(item, report);
    return;
  }
  const bool of_place = path_[0] == "export";
  report.advise(fmt::format("move it to {}{}", header, of_place ? ", where it holds for all meshes and clusters" : ""));
  const std::vector<Statement>& all = statements(item.key_span.file);
  const Statement* it = statement_around(all, item.key_span.begin);
  if (!it || it->header == Statement::kNone) return;
  const bool in_braces = it->path.empty() || it->path.back().begin != item.key_span.begin;
  const Statement& table = all[it->header];
  if (!in_braces && table.path.size() == 2) {  // at.east.prefer
    report.replace({item.key_span.file, narrow(it->begin), item.key_span.begin}, "");
    return;
  }
  const std::string text(files_.text(statement_of(item)));
  Span away = statement_of(item);
  if (!in_braces) away.begin = narrow(it->begin);
  if (ends_header(outer))
    fix_with(report, files_, {removal(files_, away), {below(files_, outer.span), "\n" + text}});
  else if (table.path.size() > 2)
    fix_with(report, files_,
             {{{away.file, narrow(table.begin), narrow(table.begin)}, fmt::format("{}\n{}\n\n", header, text)},
              removal(files_, away)});
}

/// `service = "orders.shop.svc.cluster.local"`: the name alone, and the namespace where it belongs. False if nothing of
/// the kind is meant.
bool Binder::with_namespace(const Node& node, std::string_view text, const Span& span, diag::Report& report) {
  const std::size_t first = text.find('.');
  if (node.key != "service" || first == std::string_view::npos) return false;
  const std::string_view name = text.substr(0, first);
  const std::string_view rest = text.substr(first + 1);
  const std::string_view ns = rest.substr(0, rest.find('.'));
  const bool is_host = ns.size() == rest.size() || rest.substr(ns.size()).starts_with(".svc");
  if (!is_host || flaw_of(Format::dns_label, name) || flaw_of(Format::dns_label, ns)) return false;
  const bool of_router = !path_.empty() && path_.back() == "router";
  const bool of_egress = !path_.empty() && path_.back() == "egress_gateway";
  report.advise(fmt::format("write the name of the Service alone; its namespace, `{}`, belongs in `{}namespace`", ns,
                            of_router   ? "gateway."
                            : of_egress ? "egress_gateway."
                                        : ""));
  std::string mended = toml_string(name);
  if (of_egress && !known("namespace")) {
    const std::string_view before = files_.text(before_key(files_, node));
    mended += is_in_braces(before) ? std::string(", ") : fmt::format("\n{}", before);
    mended += fmt::format("namespace = {}", toml_string(ns));
  }
  report.replace(span, std::move(mended));
  return true;
}

}  // namespace meshfed::parse

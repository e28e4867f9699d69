// Keys that a table does not have: what was meant, and what to do instead.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "base/closest.hpp"
#include "base/text.hpp"
#include "parse/binder.hpp"
#include "parse/foreign.hpp"
#include "parse/forms.hpp"
#include "syntax/edits.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {
namespace {

using source::Span;
using syntax::below;
using syntax::Edit;
using syntax::fix_with;
using syntax::KeyPart;
using syntax::KeyPath;
using syntax::Node;
using syntax::outline;
using syntax::removal;
using syntax::Statement;
using syntax::toml_key;
using syntax::toml_string;

constexpr std::size_t kFewNames = 200;  // each is compared with each

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

Span statement_of(const Node& item) {
  return {item.key_span.file, item.key_span.begin, std::max(item.key_span.end, item.span.end)};
}

/// A key with its value behind it, and not a [header] or the first part of a dotted key.
bool is_pair(const Node& item) { return item.span.begin >= item.key_span.end; }

void collect_keys(const Table& table, std::vector<const Key*>& keys) {
  for (const Key& key : table.keys) keys.push_back(&key);
  if (table.inherited) collect_keys(table.inherited(), keys);
}

std::vector<std::string_view> names_of(const Table& table) {
  std::vector<const Key*> keys;
  collect_keys(table, keys);
  std::vector<std::string_view> names;
  for (const Key* key : keys) names.push_back(key->name);
  return names;
}

bool is_of_places(const Table* table) { return table->name == "export.*.at.*"; }

/// The tables whose own key it is, the top level and [export.*.at.*] only if there is no other.
std::vector<const Table*> tables_with(std::string_view name, const Table& but) {
  std::vector<const Table*> tables;
  for (const Table* table : all_tables()) {
    const auto has = [&](const Key& key) { return key.name == name; };
    if (table != &but && std::any_of(table->keys.begin(), table->keys.end(), has)) tables.push_back(table);
  }
  std::erase_if(tables, [&](const Table* table) { return tables.size() > 1 && table == &root_table(); });
  std::erase_if(tables, [&](const Table* table) { return tables.size() > 1 && is_of_places(table); });
  return tables;
}

/// Of the tables that are a key of `outer`, such as the gateway of a cluster, the only one.
const Table* table_inside(const Table& outer, const std::vector<const Table*>& tables) {
  const Table* found = nullptr;
  for (const Table* table : tables) {
    const std::size_t dot = table->name.rfind('.');
    if (outer.name.empty() || dot == std::string_view::npos || table->name.substr(0, dot) != outer.name) continue;
    if (found) return nullptr;
    found = table;
  }
  return found;
}

/// The table that a key is meant for, if that is clear. At the top level it is the federation's own, if that has it.
const Table* owner_of(std::string_view name, const Table& but) {
  const std::vector<const Table*> owners = tables_with(name, but);
  if (owners.size() == 1) return owners.front();
  if (const Table* inside = table_inside(but, owners)) return inside;
  const auto federation =
      std::find_if(owners.begin(), owners.end(), [](const Table* owner) { return owner->name == "federation"; });
  return &but == &root_table() && federation != owners.end() ? *federation : nullptr;
}

/// The first sentence of a key's meaning as part of a message.
std::string in_passing(std::string_view meaning) {
  std::string text(meaning.substr(0, std::min(meaning.find(". "), meaning.size())));
  if (text.ends_with('.')) text.pop_back();
  const bool acronym = text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z';
  if (!acronym && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

/// The key that is spelled the same but for case, `_` and `-`.
const Key* same_word(const Table& table, std::string_view word) {
  std::vector<const Key*> keys;
  collect_keys(table, keys);
  const std::string plain = plain_word(word);
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const Key* key) { return plain_word(key->name) == plain; });
  return found == keys.end() ? nullptr : *found;
}

const Foreign* foreign_word(const Table& table, std::string_view word) {
  const Foreign* row = find_foreign(table.title, word);
  if (!table.inherited || (row && !row->table.empty())) return row;
  const Foreign* inherited = find_foreign(table.inherited().title, word);
  return inherited ? inherited : row;
}

/// How many meshes, networks and clusters there are to look through.
std::size_t names_in(const Node& document) {
  std::size_t count = 0;
  for (const std::string_view kind : {"mesh", "network", "cluster"}) {
    const Node* tables = document.find(kind);
    count += tables ? tables->items.size() : 0;
  }
  return count;
}

/// Who serves an export does not import it: the only mesh that `to` does not name, as a list.
std::string only_other_mesh(const Node& document, const Node& exported) {
  const Node* meshes = document.find("mesh");
  const Node* clusters = document.find("cluster");
  const Node* to = exported.find("to");
  if (!meshes || !to || meshes->kind != Node::Kind::table || meshes->items.size() > 100) return {};
  std::set<std::string_view> importing;
  for (const Node& name : to->items) {
    importing.insert(name.text);
    const Node* cluster = clusters ? clusters->find(name.text) : nullptr;
    if (const Node* mesh = cluster ? cluster->find("mesh") : nullptr) importing.insert(mesh->text);
  }
  std::string_view found;
  for (const Node& mesh : meshes->items) {
    if (importing.contains(mesh.key)) continue;
    if (!found.empty()) return {};
    found = mesh.key;
  }
  return found.empty() ? std::string() : fmt::format("[{}]", toml_string(found));
}

/// Of the declared names, the only one, or the only one that begins as `name` does, as `east-mesh` and `east`.
std::string_view likely(const Node* declared, std::string_view name) {
  if (!declared || declared->kind != Node::Kind::table) return {};
  if (declared->items.size() == 1) return declared->items.front().key;
  const std::string_view stem = name.substr(0, name.find_first_of("-_0123456789"));
  std::string_view found;
  for (const Node& item : declared->items) {
    if (stem.empty() || !item.key.starts_with(stem)) continue;
    if (!found.empty()) return {};
    found = item.key;
  }
  return found;
}

}  // namespace

void Binder::survey(const Node& node, const Table& table) {
  if (node.kind != Node::Kind::table) return;
  for (const Node& item : node.items) {
    const Key* key = find_key(table, item.key);
    if (!key) {
      if (const Table* owner = owner_of(item.key, table)) misplaced_.insert({owner, find_key(*owner, item.key)->name});
    } else if (key->type == Type::tables || key->type == Type::rows) {
      for (const Node& each : item.items) survey(each, key->table());
    } else if (key->table) {
      survey(item, key->table());
    }
  }
  if (&table == &root_table()) document_ = &node;
}

bool Binder::is_top_level_table(const Node& item) const {
  const bool tables = !item.items.empty() && item.items.front().kind == Node::Kind::table;
  return path_.empty() && (item.kind == Node::Kind::table || tables);
}

diag::Report& Binder::report_unknown(const Node& item) {
  if (is_top_level_table(item)) return sink_.report(item.key_span, diag::UnknownTable, item.key);
  return sink_.report(item.key_span, diag::UnknownKey, item.key, title());
}

/// The key of the table at hand that has this name.
const Node* Binder::known(std::string_view name) const {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Node* node) { return node->key == name; });
  return found == known_.end() ? nullptr : *found;
}

void Binder::unknown_key(const Node& item, const Table& table, void* object) {
  if (!sink_.wants_detail()) {
    report_unknown(item);
    return;
  }
  if (const Key* key = same_word(table, item.key); key && renamed(item, *key, table, {}, object)) return;
  if (place_without_at(item, table, object)) return;
  const auto owners = tables_with(item.key, table);
  const Foreign* foreign = foreign_word(table, item.key);
  if (foreign && (owners.empty() || !foreign->table.empty()) && foreign_key(item, table, object)) return;
  const std::vector<std::string_view> names = names_of(table);
  const auto near = base::closest(item.key, names);
  if (const Key* key = near ? find_key(table, *near) : nullptr) {
    Node other = item;
    other.key = key->name;
    const bool sure = owners.empty() || (!known(key->name) && !trying_ && reads(other, *key));
    if (sure && renamed(item, *key, table, {}, object)) return;
  }
  if (!owners.empty()) {
    misplaced_key(item, table, object);
    return;
  }
  diag::Report& report = report_unknown(item);
  if (is_top_level_table(item))
    report.advise("its tables are federation, defaults, mesh, network, cluster, export, fragment and discover");
  else
    report.advise(fmt::format("its keys are {}", base::join(names)));
}

/// Reports that `item` should be `key`, and reads it as that. False, and no report, if it cannot be meant.
bool Binder::renamed(const Node& item, const Key& key, const Table& table, std::string_view answer, void* object) {
  Node meant = item;
  meant.key = key.name;
  const Node* there = known(key.name);
  const auto clash = [&](const Node& one) { return there->find(one.key) != nullptr; };
  const bool merges = there && key.type == Type::tables && item.kind == Node::Kind::table &&
                      there->items.size() + item.items.size() < kFewNames &&
                      std::none_of(item.items.begin(), item.items.end(), clash);
  meant_.push_back(key.name);
  if (key.type == Type::tables && !there && listed_tables(meant, key, object)) return true;
  diag::Report& report = report_unknown(item);
  if (!answer.empty()) report.advise(answer);
  if (trying_) return true;
  if (there && !merges) {
    report.note(there->key_span, fmt::format("`{}` is here", key.name));
    if (answer.empty()) report.advise(fmt::format("`{}` is set already: remove one of the two", key.name));
    remove_statement(item, report);
    return true;
  }
  const bool whole_table = item.kind == Node::Kind::table && key.table;
  if (whole_table || reads(meant, key)) {
    rename_table(item, key.name, report);
    take(meant, key, table, object);
    return true;
  }
  const std::optional<std::string> text = is_pair(item) ? converted(key, item, files_) : std::nullopt;
  std::optional<Node> value = text ? value_of(*text, key, item.span) : std::nullopt;
  if (value) {
    report.replace(statement_of(item), fmt::format("{} = {}", key.name, *text));
  } else {
    if (answer.empty()) report.advise(fmt::format("write `{} = {}`", key.name, example_of(table, key)));
    value = item;
    value->kind = Node::Kind::unreadable;
  }
  value->key = key.name;
  value->key_span = item.key_span;
  take(*value, key, table, object);
  return true;
}

/// Every mention of the key: a table may have several headers.
void Binder::rename_table(const Node& item, std::string_view name, diag::Report& report) {
  if (is_pair(item) || item.kind != Node::Kind::table) {
    report.replace(item.key_span, std::string(name));
    return;
  }
  std::vector<Edit> edits;
  const std::vector<Statement>& all = statements(item.key_span.file);
  if (!sink_.wants_search(all.size())) return;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t depth = path_.size();
    const KeyPath* own = &all[i].path;
    std::size_t before = 0;
    if (all[i].kind == Statement::Kind::pair && all[i].header != Statement::kNone)
      before = all[all[i].header].path.size();
    if (before > depth || own->size() + before <= depth) continue;
    const KeyPath none;
    const KeyPath& above = before > 0 ? all[all[i].header].path : none;
    const auto part = [&](std::size_t at) -> const KeyPart& { return at < before ? above[at] : (*own)[at - before]; };
    bool same = part(depth).name == item.key;
    for (std::size_t at = 0; same && at < depth; ++at) same = part(at).name == path_[at];
    const Span span{item.key_span.file, narrow(part(depth).begin), narrow(part(depth).end)};
    if (same) edits.push_back({span, std::string(name)});
  }
  if (edits.empty()) edits.push_back({item.key_span, std::string(name)});
  fix_with(report, files_, std::move(edits));
  if (!report.fix) report.advise(fmt::format("write `{}` in each of these headers", name));
}

bool Binder::foreign_key(const Node& item, const Table& table, void* object) {
  const Foreign* row = foreign_word(table, item.key);
  if (row->remedy == Foreign::Remedy::rename) {
    const Key* key = find_key(table, row->ours);
    return key && renamed(item, *key, table, row->answer, object);
  }
  if (unwrapped(item, table, object)) return true;
  diag::Report& report = report_unknown(item);
  report.advise(row->answer);
  if (const Key* meant = find_key(table, row->ours); meant && !known(row->ours)) {
    Node gone = item;
    gone.kind = Node::Kind::unreadable;
    gone.key = meant->name;
    meant_.push_back(meant->name);
    take(gone, *meant, table, object);
  }
  if (row->remedy == Foreign::Remedy::remove && !trying_) remove_statement(item, report);
  return true;
}

/// Not of a [header], with all that stands below it, and not of a part of a dotted key in braces.
void Binder::remove_statement(const Node& item, diag::Report& report) {
  if (!is_pair(item)) return;
  Span span = statement_of(item);
  const std::vector<Statement>& all = statements(span.file);
  const auto after = std::upper_bound(all.begin(), all.end(), span.begin,
                                      [](std::uint32_t at, const Statement& one) { return at < one.begin; });
  if (after == all.begin()) return;
  const Statement& it = *std::prev(after);
  const bool last_part = !it.path.empty() && it.path.back().begin == span.begin;
  if (last_part) span.begin = narrow(it.begin);
  if (!last_part && files_.text(span.file).substr(0, span.begin).ends_with('.')) return;
  fix_with(report, files_, {removal(files_, span)});
}

/// `metadata.namespace = "shop"`: the keys below are the table's own.
bool Binder::unwrapped(const Node& item, const Table& table, void* object) {
  if (item.kind != Node::Kind::table || item.items.empty() || is_pair(item)) return false;
  if (!std::all_of(item.items.begin(), item.items.end(), [&](const Node& one) { return find_key(table, one.key); }))
    return false;
  diag::Report& report = report_unknown(item);
  const Node& first = item.items.front();
  const bool dotted = first.key_span.begin > item.key_span.end && first.key_span.begin - item.key_span.end < 10;
  if (dotted && item.items.size() == 1)
    report.replace({item.key_span.file, item.key_span.begin, first.key_span.begin}, "");
  else
    report.advise(fmt::format("write the keys of `{}` directly in {}", item.key, title()));
  for (const Node& one : item.items) {
    const Key& key = *find_key(table, one.key);
    meant_.push_back(key.name);
    take(one, key, table, object);
  }
  return true;
}

void Binder::misplaced_key(const Node& item, const Table& table, void* object) {
  const std::vector<const Table*> owners = tables_with(item.key, table);
  std::vector<std::string_view> titles;
  for (const Table* owner : owners) titles.push_back(owner->title);
  diag::Report& report = sink_.report(item.key_span, diag::MisplacedKey, item.key, title(), base::join(titles, ", "));
  if (trying_) return;
  if (const Table* inside = table_inside(table, owners)) {
    const std::string_view name = inside->name.substr(inside->name.rfind('.') + 1);
    report.replace({item.key_span.file, item.key_span.begin, item.key_span.begin}, fmt::format("{}.", name));
    if (known(name)) return;
    Node gone = item;
    gone.kind = Node::Kind::unreadable;
    gone.key = name;
    take(gone, *find_key(table, name), table, object);
    return;
  }
  const Table* owner = owner_of(item.key, table);
  if (owner && is_of_places(owner) && find_key(table, "at"))
    propose_place(item, report);
  else if (owner)
    propose_move(item, *owner, report);
}

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
  std::vector<const Node*> tables{found};
  if (owner.name == fmt::format("{}.*", kind)) {
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

void Binder::missing(const Node& node, const Table& table, const Key& key, void* object) {
  key.poison(object);
  if (node.incomplete || misplaced_.contains({&table, key.name})) return;
  const Span& where = node.key_span.known() ? node.key_span : node.span;
  diag::Report& report = sink_.report(where, diag::MissingKey, title(), key.name);
  const std::string meaning = in_passing(key.meaning);
  if (trying_) return;
  if (&table == &root_table() && key.type == Type::table) {
    report.advise(fmt::format("add a table `[{}]`: {}", key.name, meaning));
    return;
  }
  report.advise(fmt::format("add `{} = {}`: {}", key.name, example_of(table, key), meaning));
  const std::string value = sink_.wants_search(document_ ? names_in(*document_) : 0) ? probable(node, table, key) : "";
  if (value.empty()) return;
  const std::string line = fmt::format("{} = {}", key.name, value);
  const std::string_view text = files_.text(node.span);
  if (&table == &root_table())
    report.replace(node.span, line + "\n");
  else if (text.starts_with('{'))
    report.replace({node.span.file, node.span.begin + 1, node.span.begin + 1}, fmt::format(" {},", line));
  else if (text.starts_with('['))
    report.replace(below(files_, node.span), "\n" + line);
  else
    return;
  report.advise(meaning);
}

/// The value of a key that is missing, where all but one can be ruled out; else empty.
std::string Binder::probable(const Node& node, const Table& table, const Key& key) const {
  if (&table == &root_table() && key.name == "version") return "1";
  const bool of_cluster = path_.size() == 2 && path_.front() == "cluster";
  if (of_cluster && document_) {
    const std::string_view name = likely(document_->find(key.name), path_.back());
    return name.empty() ? std::string() : toml_string(name);
  }
  if (table.title == "[export.*]" && key.name == "from" && document_) return only_other_mesh(*document_, node);
  if (table.title != "[export.*.ports]") return {};
  const Node* said = node.find(key.name == "number" ? "target" : "number");
  if (!said || said->kind != Node::Kind::integer) return {};
  if (key.name == "number") return std::string(files_.text(said->span));
  return toml_string(name_of_port(files_.text(said->span)));
}

/// What could not be read may have been any key: those that are absent are not said to be.
void Binder::poison_absent(const Node& node, const Table& table, void* object) {
  const auto poison = [&](const Table& owner, void* target) {
    for (const Key& key : owner.keys) {
      if (node.find(key.name)) continue;
      if (!node.incomplete && !misplaced_.contains({&owner, key.name})) continue;
      if (key.type == Type::tables) continue;
      Node gone;
      gone.kind = Node::Kind::unreadable;
      gone.key = key.name;
      gone.span = node.span;
      gone.key_span = node.key_span;
      key.read(*this, gone, key, target);
    }
  };
  if (!node.incomplete && misplaced_.empty()) return;
  poison(table, object);
  if (table.inherited) poison(table.inherited(), table.inherited_of(object));
}

const std::vector<Statement>& Binder::statements(source::FileId file) {
  const auto [found, fresh] = statements_.try_emplace(file);
  if (fresh) found->second = outline(files_.text(file));
  return found->second;
}

}  // namespace meshfed::parse

// Tree to model: walks a table of the document beside its table of keys, reports every mistake of shape, and stores
// what is right. Best effort: after a mistake the value is marked bad and the rest is still read.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "model/federation.hpp"
#include "parse/digest.hpp"
#include "parse/discovery.hpp"
#include "parse/keys.hpp"
#include "source/manager.hpp"
#include "syntax/node.hpp"
#include "syntax/outline.hpp"

namespace meshfed::parse {

class Binder {
 public:
  Binder(const source::Manager& files, diag::Sink& sink) : files_(files), sink_(sink) {}

  /// Looks through a document for keys that stand in a wrong table, so that the tables that they are meant for are not
  /// said to lack them. Call it before the document is read.
  void survey(const syntax::Node& document, const Table& table);

  /// [export.*] takes from here what it does not say itself: what is used is taken out of `found`, which outlives this.
  void complete(FoundExports& found) { found_ = &found; }

  /// Reads every key of `node` into `object`, which is of the type that `table` is about.
  void table(const syntax::Node& node, const Table& table, void* object);

  /// Reads tables by name, [export.*] of a fragment, into what `key` is about.
  void tables(const syntax::Node& node, const Key& key, void* object);

  /// Reads the value of a key of `table`, whatever its type should be, into `object`.
  void take(const syntax::Node& item, const Key& key, const Table& table, void* object);

  /// The same for a value of which `key` says the keys. What is no table is reported already: all of `object` is
  /// marked so.
  void enter(const syntax::Node& node, const Key& key, void* object);

  void read(const syntax::Node& node, const Key& key, model::Value<bool>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<int>& out);
  void read(const syntax::Node& node, const Key& key, model::Name& out);
  void read(const syntax::Node& node, const Key& key, model::Names& out);
  void read(const syntax::Node& node, const Key& key, model::NumberList& out);
  void read(const syntax::Node& node, const Key& key, model::Labels& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Egress>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Selection>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Weight>& out);
  void read(const syntax::Node& node, const Key& key, model::Numbers& out);
  void read(const syntax::Node& node, const Key& key, model::Settings& out);

  /// A table that need not be there: [cluster.*.gateway].
  template <class Table>
  void read(const syntax::Node& node, const Key& key, model::Value<std::optional<Table>>& out) {
    if (node.kind != syntax::Node::Kind::table) {
      out.state = model::State::bad;
      return;
    }
    out = {Table{}, node.key_span};
    enter(node, key, &*out.value);
  }

  void read(const syntax::Node& node, const Key& key, model::Value<model::EgressGateway>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<std::vector<model::Port>>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::IstioVersion>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Duration>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Outlier>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::Replicas>& out);
  void read(const syntax::Node& node, const Key& key, model::Value<model::ConnectionPool>& out) {
    settings(node, key, out);
  }
  void read(const syntax::Node& node, const Key& key, model::Value<model::TcpPool>& out) { settings(node, key, out); }
  void read(const syntax::Node& node, const Key& key, model::Value<model::Keepalive>& out) { settings(node, key, out); }
  void read(const syntax::Node& node, const Key& key, model::Value<model::HttpPool>& out) { settings(node, key, out); }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void read(const syntax::Node& node, const Key& key, model::Value<Enum>& out) {
    int index = 0;
    if (word(node, key, key.words, index)) {
      out = model::Value<Enum>{static_cast<Enum>(index), node.span};
    } else {
      out.state = model::State::bad;
    }
  }

  /// Tables by name: [cluster.*] and the like.
  template <class Table>
  void read(const syntax::Node& node, const Key& key, std::vector<Table>& out) {
    if (!is(node, key.name, syntax::Node::Kind::table)) return;
    for (const syntax::Node& item : node.items) {
      if (item.kind != syntax::Node::Kind::table) no_table(item, key);
      Table& entry = out.emplace_back();
      if constexpr (std::is_same_v<Table, model::Export>) begin_with_found(item, entry);
      if (const std::optional<syntax::Node> whole = split_name(item, key)) {
        name_of(entry) = model::Name{whole->key, whole->key_span};
        name_of(entry).state = model::State::bad;
        enter(*whole, key, &entry);
        continue;
      }
      name_of(entry) = table_name(item, key);
      if constexpr (requires { entry.digest; }) entry.digest += digest_of(item);
      enter(item, key, &entry);
    }
  }

 private:
  /// What is being read, for messages: pushes a name for as long as it lives.
  class Path {
   public:
    Path(Binder& binder, std::string_view name) : binder_(binder) { binder_.path_.push_back(name); }
    ~Path() { binder_.path_.pop_back(); }
    Path(const Path&) = delete;
    Path& operator=(const Path&) = delete;

   private:
    Binder& binder_;
  };

  /// A table that says something: an empty one is a mistake.
  template <class T>
  void settings(const syntax::Node& node, const Key& key, model::Value<T>& out) {
    out = {{}, node.key_span};
    if (node.kind == syntax::Node::Kind::table && node.items.empty()) empty(node, key);
    if (node.kind != syntax::Node::Kind::table || node.items.empty()) out.state = model::State::bad;
    enter(node, key, &out.value);
  }
  void empty(const syntax::Node& node, const Key& key);

  static model::Name& name_of(auto& entry) {
    if constexpr (requires { entry.name; }) {
      return entry.name;
    } else {
      return entry.network;
    }
  }

  // Exports that were found
  void begin_with_found(const syntax::Node& item, model::Export& entry);
  bool may_lack(const Table& table, const void* object) const;

  // Types and forms
  void mistyped(const syntax::Node& item, const Key& key, const Table& table, void* object);
  bool listed_tables(const syntax::Node& item, const Key& key, void* object);
  std::string header_below(std::string_view kind, std::string_view name) const;
  void no_table(const syntax::Node& item, const Key& key);
  bool ends_header(const syntax::Node& node) const;
  std::optional<syntax::Node> split_name(const syntax::Node& item, const Key& key);
  void only_everybody(const syntax::Node& item, const Key& key);
  bool is(const syntax::Node& node, std::string_view name, syntax::Node::Kind kind);
  diag::Report& wrong_type(const syntax::Node& node, std::string_view name, std::string_view expected);
  bool word(const syntax::Node& node, const Key& key, std::span<const std::string_view> words, int& index);
  bool integer(const syntax::Node& node, const Key& key, int& number);
  bool variable(std::string_view text, const source::Span& span);
  bool format(const syntax::Node& node, Format format, std::string_view text, const source::Span& span);
  model::Name table_name(const syntax::Node& item, const Key& key);
  model::Name text_item(const syntax::Node& item, const Key& key);
  void wrong_label(const syntax::Node& item, const Key& key);
  void mapped_address(const syntax::Node& list, const syntax::Node& item, const Key& key);

  // Keys that a table does not have, and keys that it should have
  const syntax::Node* known(std::string_view name) const;
  void unknown_key(const syntax::Node& item, const Table& table, void* object);
  bool renamed(const syntax::Node& item, const Key& key, const Table& table, std::string_view answer, void* object);
  void rename_table(const syntax::Node& item, std::string_view name, diag::Report& report);
  bool foreign_key(const syntax::Node& item, const Table& table, void* object);
  void remove_statement(const syntax::Node& item, diag::Report& report);
  bool unwrapped(const syntax::Node& item, const Table& table, void* object);
  void misplaced_key(const syntax::Node& item, const Table& table, void* object);
  void propose_move(const syntax::Node& item, const Table& owner, diag::Report& report);
  bool is_mesh_or_cluster(std::string_view name) const;
  bool place_without_at(const syntax::Node& item, const Table& table, void* object);
  void propose_place(const syntax::Node& item, diag::Report& report);
  diag::Report& report_unknown(const syntax::Node& item);
  void missing(const syntax::Node& node, const Table& table, const Key& key, void* object);
  std::string probable(const syntax::Node& node, const Table& table, const Key& key) const;
  void poison_absent(const syntax::Node& node, const Table& table, void* object);
  bool is_top_level_table(const syntax::Node& item) const;

  /// The value that the TOML in `text` means, if the key takes it; its bytes are those of `span`.
  std::optional<syntax::Node> value_of(std::string_view text, const Key& key, const source::Span& span) const;
  bool reads(const syntax::Node& node, const Key& key) const;
  const std::vector<syntax::Statement>& statements(source::FileId file);
  std::string title() const;

  const source::Manager& files_;
  diag::Sink& sink_;
  std::vector<std::string_view> path_;
  std::vector<const syntax::Node*> known_;  // of the table at hand, the keys that it has
  std::vector<std::string_view> meant_;     // keys of the table at hand that were read under another name
  const syntax::Node* document_ = nullptr;
  FoundExports* found_ = nullptr;
  bool trying_ = false;  // nobody will see what is reported: no remedies are worked out
  std::set<std::pair<const Table*, std::string_view>> misplaced_;  // where each would belong
  std::map<source::FileId, std::vector<syntax::Statement>> statements_;
};

}  // namespace meshfed::parse

// Tree to model: walks a table of the document beside its table of keys, reports every mistake of shape, and stores
// what is right. Best effort: after a mistake the value is marked bad and the rest is still read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "model/federation.hpp"
#include "parse/digest.hpp"
#include "parse/keys.hpp"
#include "parse/node.hpp"
#include "source/manager.hpp"

namespace meshfed::parse {

class Binder {
 public:
  Binder(const source::Manager& files, diag::Sink& sink) : files_(files), sink_(sink) {}

  /// Reads every key of `node` into `object`, which is of the type that `table` is about.
  void table(const Node& node, const Table& table, void* object);

  /// Reads tables by name, [export.*] of a fragment, into what `key` is about.
  void tables(const Node& node, const Key& key, void* object);

  /// The same for a value that must be a table, of which `key` says the keys.
  void enter(const Node& node, const Key& key, void* object);

  void read(const Node& node, const Key& key, model::Value<bool>& out);
  void read(const Node& node, const Key& key, model::Value<int>& out);
  void read(const Node& node, const Key& key, model::Name& out);
  void read(const Node& node, const Key& key, model::Names& out);
  void read(const Node& node, const Key& key, model::Labels& out);
  void read(const Node& node, const Key& key, model::Value<model::Egress>& out);
  void read(const Node& node, const Key& key, model::Value<model::Selection>& out);
  void read(const Node& node, const Key& key, model::Value<model::Weight>& out);
  void read(const Node& node, const Key& key, model::Settings& out);
  void read(const Node& node, const Key& key, model::Value<std::optional<model::Gateway>>& out);
  void read(const Node& node, const Key& key, model::Value<model::EgressGateway>& out);
  void read(const Node& node, const Key& key, model::Value<std::vector<model::Port>>& out);

  template <class Enum>
  requires std::is_enum_v<Enum>
  void read(const Node& node, const Key& key, model::Value<Enum>& out) {
    int index = 0;
    if (word(node, key, key.words, index)) {
      out = {static_cast<Enum>(index), node.span};
    } else {
      out.state = model::State::bad;
    }
  }

  /// Tables by name: [cluster.*] and the like.
  template <class Table>
  void read(const Node& node, const Key& key, std::vector<Table>& out) {
    if (!is(node, key.name, Node::Kind::table)) return;
    for (const Node& item : node.items) {
      Table& entry = out.emplace_back();
      name_of(entry) = table_name(item, key);
      if constexpr (requires { entry.digest; }) entry.digest = digest_of(item);
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

  static model::Name& name_of(auto& entry) {
    if constexpr (requires { entry.name; }) {
      return entry.name;
    } else {
      return entry.network;
    }
  }

  bool is(const Node& node, std::string_view name, Node::Kind kind);
  void wrong_type(const Node& node, std::string_view name, std::string_view expected);
  bool word(const Node& node, const Key& key, std::span<const std::string_view> words, int& index);
  bool integer(const Node& node, const Key& key, int& number);
  bool format(const Node& node, Format format, std::string_view text, const source::Span& span);
  model::Name table_name(const Node& item, const Key& key);
  model::Name text_item(const Node& item, const Key& key);
  void mapped_address(const Node& list, const Node& item, const Key& key);
  void unknown_key(const Node& node, const Table& table);
  void missing(const Node& node, const Table& table, const Key& key, void* object);
  std::string title() const;

  const source::Manager& files_;
  diag::Sink& sink_;
  std::vector<std::string_view> path_;
};

}  // namespace meshfed::parse

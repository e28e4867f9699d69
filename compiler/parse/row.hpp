// How a row of keys.cpp is written: `key<&Struct::member>(…)` takes type, words and sub-table from the member. Only for
// keys.cpp.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/federation.hpp"
#include "parse/binder.hpp"
#include "parse/keys.hpp"

namespace meshfed::parse {

using model::Value;

/// The table of keys of a struct; specialised in keys.cpp for each.
template <class T>
const Table& table_of();
template <>
const Table& table_of<model::Settings>();
template <>
const Table& table_of<model::Mesh>();
template <>
const Table& table_of<model::Network>();
template <>
const Table& table_of<model::View>();
template <>
const Table& table_of<model::Router>();
template <>
const Table& table_of<model::Gateway>();
template <>
const Table& table_of<model::EgressGateway>();
template <>
const Table& table_of<model::Cluster>();
template <>
const Table& table_of<model::Port>();
template <>
const Table& table_of<model::Place>();
template <>
const Table& table_of<model::Export>();
template <>
const Table& table_of<model::FragmentRule>();
template <>
const Table& table_of<model::Discovery>();
template <>
const Table& table_of<model::Outlier>();
template <>
const Table& table_of<model::Replicas>();
template <>
const Table& table_of<model::ConnectionPool>();
template <>
const Table& table_of<model::TcpPool>();
template <>
const Table& table_of<model::Keepalive>();
template <>
const Table& table_of<model::HttpPool>();

// What a member's type says about its key: the type, the words, the table.
template <class T>
struct Kind;
template <>
struct Kind<Value<bool>> {
  static constexpr Type type = Type::boolean;
};
template <>
struct Kind<Value<int>> {
  static constexpr Type type = Type::integer;
};
template <>
struct Kind<model::Name> {
  static constexpr Type type = Type::string;
};
template <>
struct Kind<model::Names> {
  static constexpr Type type = Type::strings;
};
template <>
struct Kind<model::NumberList> {
  static constexpr Type type = Type::integers;
};
template <>
struct Kind<model::Labels> {
  static constexpr Type type = Type::labels;
};
template <class Enum>
requires std::is_enum_v<Enum>
struct Kind<Value<Enum>> {
  static constexpr Type type = Type::word;
  static constexpr std::span<const std::string_view> words = model::kWords<Enum>;
};
template <>
struct Kind<Value<model::IstioVersion>> {
  static constexpr Type type = Type::version;
  static constexpr std::span<const std::string_view> words = model::kWords<model::Istio>;
};
template <>
struct Kind<Value<model::Duration>> {
  static constexpr Type type = Type::duration;
};
template <>
struct Kind<Value<model::Egress>> {
  static constexpr Type type = Type::egress;
  static constexpr std::span<const std::string_view> words = model::kWords<model::EgressMode>;
};
template <>
struct Kind<Value<model::Selection>> {
  static constexpr Type type = Type::selection;
};
template <>
struct Kind<Value<model::Weight>> {
  static constexpr Type type = Type::weight;
};
template <>
struct Kind<model::Numbers> {
  static constexpr Type type = Type::numbers;
};
template <class T, Type kType = Type::table>
struct TableKind {
  static constexpr Type type = kType;
  static constexpr const Table& (*table)() = &table_of<T>;
};
template <>
struct Kind<model::Settings> : TableKind<model::Settings> {};
template <>
struct Kind<Value<std::optional<model::Router>>> : TableKind<model::Router> {};
template <>
struct Kind<Value<std::optional<model::Gateway>>> : TableKind<model::Gateway> {};
template <>
struct Kind<Value<model::EgressGateway>> : TableKind<model::EgressGateway> {};
template <>
struct Kind<Value<model::ConnectionPool>> : TableKind<model::ConnectionPool> {};
template <>
struct Kind<Value<model::TcpPool>> : TableKind<model::TcpPool> {};
template <>
struct Kind<Value<model::Keepalive>> : TableKind<model::Keepalive> {};
template <>
struct Kind<Value<model::HttpPool>> : TableKind<model::HttpPool> {};
template <>
struct Kind<Value<model::Outlier>> : TableKind<model::Outlier, Type::or_false> {};
template <>
struct Kind<Value<model::Replicas>> : TableKind<model::Replicas, Type::or_number> {};
template <>
struct Kind<Value<std::vector<model::Port>>> {
  static constexpr Type type = Type::rows;
  static constexpr const Table& (*table)() = &table_of<model::Port>;
};
template <class T>
struct Kind<std::vector<T>> {
  static constexpr Type type = Type::tables;
  static constexpr const Table& (*table)() = &table_of<T>;
};

template <class Owner, class Member>
Owner owner_of(Member Owner::*);
template <class Owner, class Member>
Member member_of(Member Owner::*);

struct Text {
  std::string_view fallback;
  std::string_view meaning;
};

constexpr bool kRequired = true;

/// One row. The member says where the value goes and of what type it is.
template <auto Member>
constexpr Key key(std::string_view name, Rule rule, Text text, bool required = false) {
  using Owner = decltype(owner_of(Member));
  using Held = decltype(member_of(Member));
  Key row{.name = name,
          .type = Kind<Held>::type,
          .rule = rule,
          .required = required,
          .fallback = text.fallback,
          .meaning = text.meaning,
          .words = {},
          .table = nullptr,
          .read = [](Binder& binder, const syntax::Node& node, const Key& self,
                     void* object) { binder.read(node, self, static_cast<Owner*>(object)->*Member); },
          .poison =
              [](void* object) {
                if constexpr (requires { (static_cast<Owner*>(object)->*Member).state; }) {
                  (static_cast<Owner*>(object)->*Member).state = model::State::bad;
                }
              },
          .attempt =
              [](Binder& binder, const syntax::Node& node, const Key& self) {
                Owner scratch;
                binder.read(node, self, scratch.*Member);
              }};
  if constexpr (requires { Kind<Held>::words; }) row.words = Kind<Held>::words;
  if constexpr (requires { Kind<Held>::table; }) row.table = Kind<Held>::table;
  return row;
}

}  // namespace meshfed::parse

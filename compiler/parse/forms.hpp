// What a value looks like for each key, and how to say in that form what was written in another one. Pure functions;
// the binder reports.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "parse/keys.hpp"
#include "source/manager.hpp"
#include "syntax/node.hpp"

namespace meshfed::parse {

/// A value that the key takes, as TOML: `["203.0.113.1"]`.
std::string example_of(const Table& table, const Key& key);

/// What `node` says, in the form of the key; none if that cannot be told. Whether the key takes it is another question.
std::optional<std::string> converted(const Key& key, const syntax::Node& node, const source::Manager& files);

/// The same for one item of a list, or of a table of tables.
std::optional<std::string> converted_item(const Key& key, const syntax::Node& item, const source::Manager& files);

/// `spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT` as `MESH/NAMESPACE/ACCOUNT`, of the one mesh in the document that has that
/// trust domain; else empty.
std::string caller_of_identity(std::string_view identity, const syntax::Node& document);

/// A name that says the protocol that usually is on such a port.
std::string name_of_port(std::string_view number);

/// The one of the words that another spelling, or a word of Istio or Kubernetes, means; none if none does.
std::optional<std::string_view> meant_word(std::string_view text, std::span<const std::string_view> words);

}  // namespace meshfed::parse

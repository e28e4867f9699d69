// The types of values that few keys have: versions, durations, and tables that may be one word.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/core.h>

#include "parse/binder.hpp"
#include "parse/formats.hpp"
#include "syntax/literal.hpp"

namespace meshfed::parse {
namespace {

using model::State;
using syntax::Node;
using syntax::toml_string;

/// The number of a patch release; none if the text is not one.
std::optional<int> patch_number(std::string_view text) {
  if (text.empty() || text.size() > 3 || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  if (text.size() > 1 && text.front() == '0') return {};
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void Binder::empty(const Node& node, const Key& key) { sink_.report(node.span, diag::Empty, key.name); }

void Binder::read(const Node& node, const Key& key, model::Value<model::IstioVersion>& out) {
  out.state = State::bad;
  const std::string_view text = node.text;
  const std::size_t dot = text.rfind('.');
  if (node.kind == Node::Kind::string && dot != std::string_view::npos) {
    const auto minor = std::find(key.words.begin(), key.words.end(), text.substr(0, dot));
    const std::optional<int> patch = patch_number(text.substr(dot + 1));
    if (minor != key.words.end() && patch) {
      out = {{static_cast<model::Istio>(minor - key.words.begin()), patch}, node.span};
      return;
    }
  }
  int index = 0;
  if (word(node, key, key.words, index)) out = {{static_cast<model::Istio>(index), {}}, node.span};
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Duration>& out) {
  out.state = State::bad;
  if (node.kind == Node::Kind::unreadable) return;
  const std::optional<model::Duration> duration = duration_of(node.text);
  if (!duration) {
    if (variable(node.text, node.span)) return;
    diag::Report& report = sink_.report(node.span, diag::NotADuration, node.text);
    if (const std::string meant = meant_duration(node.text); !meant.empty())
      report.replace(node.span, toml_string(meant));
  } else if (duration->count() < key.rule.min || duration->count() > key.rule.max) {
    const std::string least = fmt::format("\"{}\"", duration_text(model::Duration(key.rule.min)));
    const std::string most = fmt::format("\"{}\"", duration_text(model::Duration(key.rule.max)));
    sink_.report(node.span, diag::OutOfRange, key.name, fmt::format("\"{}\"", node.text), least, most)
        .advise(fmt::format("write a duration from {} to {}", least, most));
  } else {
    out = {*duration, node.span};
  }
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Outlier>& out) {
  out.state = State::bad;
  if (node.kind == Node::Kind::unreadable) return;
  const bool table = node.kind == Node::Kind::table;
  out = {{}, table ? node.key_span : node.span};
  out.value.on = table;
  if (table) enter(node, key, &out.value);
}

void Binder::read(const Node& node, const Key& key, model::Value<model::Replicas>& out) {
  out.state = State::bad;
  int number = 0;
  if (node.kind == Node::Kind::table) {
    out = {{}, node.key_span};
    out.value.range = true;
    enter(node, key, &out.value);
    if (!out->min.given() || !out->max.given()) out.state = State::bad;
  } else if (integer(node, key, number)) {
    const model::Value<int> count{number, node.span};
    out = {{count, count, false}, node.span};
  }
}

}  // namespace meshfed::parse

#include "yaml/reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "yaml/scalar.hpp"
#include "yaml/written.hpp"

namespace meshfed::yaml {
namespace {

constexpr std::string_view kPlain = "?", kQuoted = "!", kString = "tag:yaml.org,2002:str";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

Value resolve(const std::string& text) {
  return std::visit(
      [&](const auto& meant) -> Value {
        if constexpr (std::is_same_v<decltype(meant), const std::monostate&>)
          return text;
        else
          return meant;
      },
      plain_scalar(text));
}

// Builds values from events, so that nothing is expanded before it can be refused.
class Builder final : public YAML::EventHandler {
 public:
  std::vector<Value> take() && { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YAML::ParserException(mark, "aliases are not supported: write out the value");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (wants_key()) return set_key(mark, "");
    put(mark, nullptr);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    if (!is_one_of(tag, {"", kPlain, kQuoted, kString})) throw YAML::ParserException(mark, "tags are not supported");
    if (wants_key()) return set_key(mark, text);
    put(mark, tag.empty() || tag == kPlain ? resolve(text) : Value(text));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, false);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, true);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map that is not complete yet.
  struct Frame {
    bool is_map;
    YAML::Mark mark;
    List list = {};
    Map map = {};
    std::optional<std::string> key = {};
    std::set<std::string> keys = {};
  };

  bool wants_key() const { return !stack_.empty() && stack_.back().is_map && !stack_.back().key; }

  void set_key(const YAML::Mark& mark, const std::string& key) {
    Frame& frame = stack_.back();
    if (!frame.keys.insert(key).second) throw YAML::ParserException(mark, "duplicate key");
    frame.key = key;
  }

  void put(const YAML::Mark& mark, Value value) {
    if (++values_ > kMaxValues) throw YAML::ParserException(mark, "too many values");
    if (stack_.empty()) {
      documents_.push_back(std::move(value));
    } else if (Frame& frame = stack_.back(); frame.is_map) {
      frame.map.add(*std::exchange(frame.key, std::nullopt), std::move(value));
    } else {
      frame.list.add(std::move(value));
    }
  }

  void open(const YAML::Mark& mark, bool is_map) {
    if (wants_key()) throw YAML::ParserException(mark, "a key is not a string");
    if (stack_.size() >= kMaxDepth) throw YAML::ParserException(mark, "nested too deeply");
    stack_.push_back({.is_map = is_map, .mark = mark});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    put(frame.mark, frame.is_map ? Value(std::move(frame.map)) : Value(std::move(frame.list)));
  }

  std::vector<Value> documents_;
  std::vector<Frame> stack_;
  std::size_t values_ = 0;
};

}  // namespace

Reading read(const std::string& text) {
  if (std::optional<std::vector<Value>> documents = read_written(text)) return {std::move(*documents), {}};
  return read_any(text);
}

Reading read_any(const std::string& text) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Builder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return {std::move(builder).take(), {}};
  } catch (const YAML::Exception& error) {
    return {{},
            "line " + std::to_string(error.mark.line + 1) + ", column " + std::to_string(error.mark.column + 1) + ": " +
                error.msg};
  }
}

}  // namespace meshfed::yaml

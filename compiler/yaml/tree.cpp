#include "yaml/tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_set>
#include <utility>
#include <variant>

#include "yaml/reader.hpp"
#include "yaml/scalar.hpp"

namespace meshfed::yaml {
namespace {

constexpr std::string_view kPlain = "?", kQuoted = "!", kString = "tag:yaml.org,2002:str";
constexpr std::string_view kMerge = "<<";
constexpr std::size_t kFreeCopies = 2'000;  // nodes that aliases may stand for in a text however short

std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

/// Where a quoted scalar ends, from its opening quote on.
std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\')
      ++i;
    else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'')
      ++i;
    else if (text[i] == quote)
      return i + 1;
  }
  return text.size();
}

/// The bytes of a scalar. The parser says where its properties (an anchor, a tag) begin, if it has any.
std::pair<std::size_t, std::size_t> bytes_of(std::string_view text, std::size_t begin, const std::string& value) {
  begin = std::min(begin, text.size());
  while (begin < text.size() && (text[begin] == '&' || text[begin] == '!')) {
    const std::size_t blank = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    begin = std::min(text.find_first_not_of(" \t", blank), text.size());
  }
  if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) return {begin, end_of_quoted(text, begin)};
  if (text.substr(begin).starts_with(value)) return {begin, begin + value.size()};
  const std::size_t line = std::min(text.find_first_of("\r\n", begin), text.size());  // of several lines, the first
  return {begin, line};
}

/// Builds nodes from events, so that nothing is expanded before it can be refused.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::string_view text) : text_(text), copies_left_(kFreeCopies + text.size() / 4) {}

  std::vector<Node> take() && { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark&) override { anchors_.clear(); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) return set_key(mark, "", false);
    Node node;
    node.begin = node.end = narrow(std::min(position(mark), text_.size()));
    put(mark, std::move(node), anchor, 1);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool plain = tag.empty() || tag == kPlain;
    if (!plain && tag != kQuoted && tag != kString) throw YAML::ParserException(mark, "tags are not supported");
    if (wants_key()) return set_key(mark, value, plain);
    Node node = plain ? resolved(value) : Node{};
    if (!plain) node.kind = Node::Kind::string;
    node.text = value;
    const auto [begin, end] = bytes_of(text_, position(mark), value);
    node.begin = narrow(begin);
    node.end = narrow(end);
    put(mark, std::move(node), anchor, 1);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) throw YAML::ParserException(mark, "an alias is not supported as a key");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw YAML::ParserException(mark, "the alias is inside of what it stands for");
    if (found->second.nodes > copies_left_) throw YAML::ParserException(mark, "aliases stand for too many values");
    if (stack_.size() + found->second.height > kMaxDepth) throw YAML::ParserException(mark, "nested too deeply");
    copies_left_ -= found->second.nodes;
    Node copy = found->second.node;
    const Shape shape{found->second.nodes, found->second.height};
    put(mark, std::move(copy), shape);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, Node::Kind::list, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, Node::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /// How large the tree below a node is.
  struct Shape {
    std::size_t nodes = 1;
    std::size_t height = 1;
  };

  struct Key {
    std::string text;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool merges = false;
  };

  /// A list or map that is not complete yet.
  struct Frame {
    Node node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    Shape shape = {};
    std::optional<Key> key = {};
    std::unordered_set<std::string> keys = {};
    std::vector<Node> merged = {};  // what `<<` stands before
  };

  struct Anchored {
    Node node;
    std::size_t nodes;
    std::size_t height;
  };

  static std::size_t position(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.pos, 0)); }

  static Node resolved(const std::string& value) {
    Node node;
    const Scalar meant = plain_scalar(value);
    node.kind = is_other_number(value) ? Node::Kind::number : Node::Kind::string;
    if (std::holds_alternative<std::nullptr_t>(meant)) node.kind = Node::Kind::null;
    if (std::holds_alternative<bool>(meant)) node.kind = Node::Kind::boolean;
    if (const auto* number = std::get_if<std::int64_t>(&meant)) {
      node.kind = Node::Kind::integer;
      node.integer = *number;
    }
    return node;
  }

  bool wants_key() const { return !stack_.empty() && stack_.back().node.kind == Node::Kind::map && !stack_.back().key; }

  void set_key(const YAML::Mark& mark, const std::string& text, bool plain) {
    Frame& frame = stack_.back();
    const bool merges = plain && text == kMerge;
    if (!frame.keys.insert(text).second) throw YAML::ParserException(mark, "the key stands twice in this map");
    const auto [begin, end] = bytes_of(text_, position(mark), text);
    frame.key = Key{text, narrow(begin), narrow(end), merges};
  }

  void put(const YAML::Mark& mark, Node node, YAML::anchor_t anchor, std::size_t height) {
    if (anchor != 0) remember(mark, anchor, node, {1, height});
    put(mark, std::move(node), Shape{1, height});
  }

  void put(const YAML::Mark& mark, Node node, const Shape& shape) {
    if (stack_.empty()) {
      documents_.push_back(std::move(node));
      return;
    }
    Frame& frame = stack_.back();
    frame.shape.nodes += shape.nodes;
    frame.shape.height = std::max(frame.shape.height, shape.height + 1);
    if (frame.node.kind == Node::Kind::map) {
      Key key = *std::exchange(frame.key, std::nullopt);
      if (key.merges) return merge(mark, frame, std::move(node));
      node.key = std::move(key.text);
      node.key_begin = key.begin;
      node.key_end = key.end;
    }
    frame.node.items.push_back(std::move(node));
  }

  /// `<<: *base`, or a list of maps of which the first wins.
  static void merge(const YAML::Mark& mark, Frame& frame, Node node) {
    std::vector<Node> maps;
    if (node.kind == Node::Kind::list)
      maps = std::move(node.items);
    else
      maps.push_back(std::move(node));
    for (Node& map : maps) {
      if (map.kind != Node::Kind::map) throw YAML::ParserException(mark, "`<<` takes a map");
      std::move(map.items.begin(), map.items.end(), std::back_inserter(frame.merged));
    }
  }

  void remember(const YAML::Mark& mark, YAML::anchor_t anchor, const Node& node, const Shape& shape) {
    if (shape.nodes > copies_left_) throw YAML::ParserException(mark, "anchors hold too many values");
    copies_left_ -= shape.nodes;  // it is kept, too
    anchors_.insert_or_assign(anchor, Anchored{node, shape.nodes, shape.height});
  }

  void open(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    if (wants_key()) throw YAML::ParserException(mark, "a key is not a string");
    if (stack_.size() >= kMaxDepth) throw YAML::ParserException(mark, "nested too deeply");
    Frame& frame = stack_.emplace_back();
    frame.mark = mark;
    frame.anchor = anchor;
    frame.node.kind = kind;
    frame.node.begin = narrow(std::min(position(mark), text_.size()));
    frame.node.end = narrow(std::min<std::size_t>(frame.node.begin + 1, text_.size()));
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    for (Node& item : frame.merged) {
      if (frame.keys.insert(item.key).second) frame.node.items.push_back(std::move(item));
    }
    if (frame.anchor != 0) remember(frame.mark, frame.anchor, frame.node, frame.shape);
    put(frame.mark, std::move(frame.node), frame.shape);
  }

  std::string_view text_;
  std::size_t copies_left_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::vector<Node> documents_;
  std::vector<Frame> stack_;
};

}  // namespace

const Node* Node::find(std::string_view wanted) const {
  if (kind != Kind::map) return nullptr;
  const auto found = std::find_if(items.begin(), items.end(), [&](const Node& item) { return item.key == wanted; });
  return found == items.end() ? nullptr : &*found;
}

Tree read_tree(std::string_view text) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder(text);
    while (parser.HandleNextDocument(builder)) {
    }
    return {std::move(builder).take(), {}, 0};
  } catch (const YAML::Exception& error) {
    const auto position = static_cast<std::size_t>(std::max(error.mark.pos, 0));
    return {{}, error.msg, narrow(std::min(position, text.size()))};
  }
}

}  // namespace meshfed::yaml

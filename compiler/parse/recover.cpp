// Reads on where something is no TOML: each statement that is none by itself is reported and left out, and what is
// defined twice is left out the second time. So one run tells all mistakes, and nothing is said to be missing that is
// there, and only cannot be read.
#include <algorithm>
#include <utility>

#include "parse/recover.hpp"
#include "parse/syntax.hpp"
#include "syntax/document.hpp"
#include "syntax/duplicate.hpp"
#include "syntax/outline.hpp"
#include "syntax/repair.hpp"

namespace meshfed::parse {
namespace {

using source::FileId;
using source::Manager;
using source::Span;
using syntax::defines_again;
using syntax::is_duplicate;
using syntax::is_yaml;
using syntax::KeyPart;
using syntax::KeyPath;
using syntax::Node;
using syntax::outline;
using syntax::Repair;
using syntax::repair_statement;
using syntax::report_duplicate;
using syntax::Statement;
using syntax::syntax_error;
using syntax::SyntaxError;
using syntax::TextEdit;
using syntax::tree_of;

constexpr std::size_t kMostMarked = 200;
constexpr int kMostRounds = 20;  // each reads the whole text, and finds one second definition

bool is_header(const Statement& it) {
  return it.kind == Statement::Kind::header || it.kind == Statement::Kind::list_header;
}

class Recovery {
 public:
  Recovery(const Manager& files, FileId file, diag::Sink& sink)
      : files_(files),
        file_(file),
        sink_(sink),
        source_(files.text(file)),
        text_(source_),
        statements_(outline(text_)) {
    gone_.resize(statements_.size());
    for (std::size_t i = 0; i < statements_.size(); ++i) gone_[i] = is_broken(i);
  }

  std::optional<Node> run() {
    if (is_another_language()) return std::nullopt;
    const std::vector<bool> broken = gone_;
    for (std::size_t i = 0; i < broken.size(); ++i) {
      if (!broken[i]) continue;
      std::size_t count = 1;
      while (i + count < broken.size() && broken[i + count] && goes_on(i + count)) ++count;
      report_statements(files_, file_, statements_, i, count, sink_);
      i += count - 1;
    }
    for (std::size_t i = 0; i < broken.size(); ++i) {
      if (broken[i]) leave_out(i);
    }
    SyntaxError error;
    std::optional<Node> root = tree_of(files_, file_, text_, error);
    for (int round = 0; !root && round < kMostRounds; ++round) {
      remove_from(error);
      root = tree_of(files_, file_, text_, error);
    }
    if (root) mark(*root);
    return root;
  }

 private:
  bool is_broken(std::size_t index) const {
    const Statement& it = statements_[index];
    if (it.kind == Statement::Kind::other) return true;
    return syntax_error(std::string_view(source_).substr(it.begin, it.line_end - it.begin)).has_value();
  }

  /// A whole file of YAML or JSON is one mistake.
  bool is_another_language() {
    if (statements_.empty()) return false;
    const std::string_view text = source_;
    const Statement& first = statements_.front();
    const bool json = text[first.begin] == '{' && text.substr(first.begin, 2) != "{{";
    std::size_t yaml = 0;
    for (const Statement& it : statements_) yaml += is_yaml(text, it) ? 1U : 0U;
    if (!json && (!is_yaml(text, first) || yaml * 2 <= statements_.size() || yaml < 3)) return false;
    const auto at = static_cast<std::uint32_t>(first.begin);
    sink_.report({file_, at, at + 1}, diag::Syntax, json ? "the file is JSON, not TOML" : "the file is YAML, not TOML")
        .advise(
            "`meshfedc init` writes a file to begin with; a table is a line `[cluster.east]`, and below it its keys, "
            "each as `key = value`");
    return true;
  }

  /// What stands right behind a broken statement, and is broken in the same way, is one mistake with it.
  bool goes_on(std::size_t index) const {
    const Statement& it = statements_[index];
    const std::string_view line = std::string_view(source_).substr(it.begin, it.end - it.begin);
    if (line.find_first_not_of("]}),; ") == std::string_view::npos) return true;
    return is_yaml(source_, it) && is_yaml(source_, statements_[index - 1]);
  }

  void blank(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < std::min(end, text_.size()); ++at) {
      if (text_[at] != '\n') text_[at] = ' ';
    }
  }

  /// A header takes everything below it along: it would come to stand below another one.
  void leave_out(std::size_t index) {
    gone_[index] = true;
    std::size_t last = index;
    if (source_[statements_[index].begin] == '[') {
      while (last + 1 < statements_.size() && source_[statements_[last + 1].begin] != '[') gone_[++last] = true;
    }
    blank(statements_[index].begin, statements_[last].line_end);
    left_out_.push_back(index);
  }

  void remove_from(const SyntaxError& error) {
    std::size_t at = statements_.size();
    const bool header = error.description.find("cannot insert") != std::string::npos;  // seen only behind it
    for (std::size_t i = 0; i < statements_.size() && statements_[i].begin <= error.offset; ++i) {
      const bool before = !header || (is_header(statements_[i]) && statements_[i].begin < error.offset);
      if (!gone_[i] && before) at = i;
    }
    if (at == statements_.size() || !is_duplicate(error.description)) {
      report_syntax(files_, file_, error.offset, error.description, sink_);
      const std::uint32_t line = files_.begin({file_, narrow(error.offset), narrow(error.offset)}).line;
      blank(files_.line_begin(file_, line), files_.line_begin(file_, line + 1));
      return;
    }
    // toml++ is not always exact by a line: the next ones are tried, too.
    for (const std::size_t near : {at, at - 1, at + 1}) {
      if (near >= statements_.size() || gone_[near] || !defines_again(statements_, gone_, near)) continue;
      at = near;
      break;
    }
    report_duplicate(files_, file_, statements_, gone_, at, sink_);
    const bool pair = !is_header(statements_[at]);
    leave_out(at);
    if (pair) left_out_.pop_back();  // the first definition stands
  }

  static std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

  // --- What is left out is not missing

  void mark(Node& root) const {
    if (left_out_.size() > kMostMarked) {
      root.incomplete = true;
      return;
    }
    for (const std::size_t index : left_out_) {
      const Statement& it = statements_[index];
      const bool header = source_[it.begin] == '[';
      if (header && it.path.empty()) {
        root.incomplete = true;
        continue;
      }
      const KeyPath none;
      const KeyPath path = header ? header_path(it) : it.path;
      const bool below = !header && it.header != Statement::kNone;
      if (below && gone_[it.header]) continue;
      Node* table = reach(root, below ? statements_[it.header].path : none);
      if (table && !header && it.path.empty()) table->incomplete = true;
      if (!table || it.path.empty()) continue;
      const KeyPath parents(it.path.begin(), it.path.end() - 1);
      if (header) {
        if (Node* own = reach(*table, path)) own->incomplete = true;
      } else if (Node* parent = reach(*table, parents); parent && !parent->find(it.path.back().name)) {
        parent->items.push_back(node_at(it.path.back(), Node::Kind::unreadable));
      }
    }
  }

  /// Of a header with what is wrong in it corrected, if that is known.
  KeyPath header_path(const Statement& it) const {
    const std::optional<Repair> repair = repair_statement(source_, it, false);
    if (!repair || repair->edits.empty()) return it.path;
    std::string text;
    std::size_t at = it.begin;
    for (const TextEdit& edit : repair->edits) {
      text.append(source_, at, edit.begin - at).append(edit.text);
      at = edit.end;
    }
    text.append(source_, at, std::max(at, it.line_end) - at);
    const std::vector<Statement> meant = outline(text);
    if (meant.empty() || meant.front().path.empty()) return it.path;
    KeyPath path = meant.front().path;
    for (KeyPart& part : path) {
      part.begin = it.begin;
      part.end = it.line_end;
    }
    return path;
  }

  Node node_at(const KeyPart& part, Node::Kind kind) const {
    Node node;
    node.kind = kind;
    node.key = part.name;
    node.key_span = node.span = {file_, narrow(part.begin), narrow(part.end)};
    return node;
  }

  /// The table at a path, made if need be; none if something else is there.
  Node* reach(Node& root, const KeyPath& path) const {
    Node* node = &root;
    for (const KeyPart& part : path) {
      const auto found =
          std::find_if(node->items.begin(), node->items.end(), [&](const Node& item) { return item.key == part.name; });
      if (found == node->items.end()) {
        node = &node->items.emplace_back(node_at(part, Node::Kind::table));
        continue;
      }
      node = &*found;
      if (node->kind == Node::Kind::array) node->kind = Node::Kind::unreadable;
      if (node->kind != Node::Kind::table) return nullptr;
    }
    return node;
  }

  const Manager& files_;
  FileId file_;
  diag::Sink& sink_;
  std::string source_;
  std::string text_;
  std::vector<Statement> statements_;
  std::vector<bool> gone_;
  std::vector<std::size_t> left_out_;
};

}  // namespace

std::optional<Node> read_document(const Manager& files, FileId file, diag::Sink& sink) {
  SyntaxError error;
  if (std::optional<Node> root = tree_of(files, file, files.text(file), error)) return root;
  return Recovery(files, file, sink).run();
}

}  // namespace meshfed::parse

#include "parse/syntax.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "base/text.hpp"
#include "parse/binder.hpp"
#include "parse/forms.hpp"
#include "parse/keys.hpp"
#include "syntax/document.hpp"
#include "syntax/edits.hpp"
#include "syntax/literal.hpp"
#include "syntax/repair.hpp"

namespace meshfed::parse {
namespace {

using source::FileId;
using source::Manager;
using source::Span;
using syntax::below;
using syntax::Edit;
using syntax::fix_with;
using syntax::full_path;
using syntax::KeyPart;
using syntax::Node;
using syntax::Repair;
using syntax::repair_statement;
using syntax::Statement;
using syntax::syntax_error;
using syntax::SyntaxError;
using syntax::TextEdit;
using syntax::toml_key;
using syntax::tree_of;

Span span_of(FileId file, std::size_t begin, std::size_t end) {
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  if (const std::size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

/// "Error while parsing array: encountered end-of-file" names its place by itself.
std::string reworded(std::string_view description) {
  constexpr std::string_view kPrefix = "Error while parsing ";
  if (description.starts_with(kPrefix)) description.remove_prefix(kPrefix.size());
  const std::size_t colon = description.find(": ");
  if (colon == std::string_view::npos) return std::string(description);
  std::string what(description.substr(0, colon));
  std::string reason(description.substr(colon + 2));
  replace(what, "array", "list");
  replace(what, "root table", "line");
  replace(reason, "encountered end-of-file", "the file ends before it is complete");
  replace(reason, "saw '\\n'", "saw the end of the line");
  replace(reason, "expected bare key starting character or string delimiter",
          "a key without quotes is made of letters, digits, `-` and `_`");
  replace(reason, "expected keys, tables, whitespace or comments", "expected a key, a [header] or a comment");
  return fmt::format("cannot read the {}: {}", what, reason);
}

/// A statement of the file with edits made, and what it would mean there.
class Mended {
 public:
  Mended(std::string_view text, const std::vector<Statement>& statements, std::size_t index)
      : text_(text), statements_(statements), it_(statements[index]), path_(full_path(statements, index)) {}

  const Key* key() const { return it_.kind == Statement::Kind::pair || !it_.path.empty() ? key_at(path_) : nullptr; }

  /// The statement up to `end`.
  std::string with(const std::vector<TextEdit>& edits, std::size_t end) const {
    std::string out;
    std::size_t at = it_.begin;
    for (const TextEdit& edit : edits) {
      if (edit.begin < at) return {};
      out += text_.substr(at, edit.begin - at);
      out += edit.text;
      at = edit.end;
    }
    return out + std::string(text_.substr(at, std::max(at, end) - at));
  }

  /// Neither syntax nor types are wrong below the header that it stands below. What else is missing there is another
  /// question.
  bool reads(const std::string& statement) const {
    std::string document = header();
    document += statement;
    Manager files;
    diag::Sink sink;
    SyntaxError error;
    const FileId file = files.add("", document);
    const std::optional<Node> root = tree_of(files, file, document, error);
    if (!root) return false;
    model::Federation scratch;
    Binder(files, sink).table(*root, root_table(), &scratch);
    return std::none_of(sink.reports().begin(), sink.reports().end(), [](const diag::Report& report) {
      return report.row->severity == diag::Severity::error && report.row != &diag::MissingKey.kRow;
    });
  }

  /// The value of the mended statement in the form that the key takes.
  std::string in_form(const std::string& statement) const {
    const Key* wanted = key();
    if (!wanted) return {};
    Manager files;
    SyntaxError error;
    const std::optional<Node> root = tree_of(files, files.add("", statement), statement, error);
    if (!root || root->items.size() != 1) return {};
    const Node* node = &root->items.front();
    while (node->kind == Node::Kind::table && node->items.size() == 1 && node->key != wanted->name)
      node = &node->items.front();
    const std::optional<std::string> value = converted(*wanted, *node, files);
    if (!value) return {};
    return fmt::format("{} = {}", text_.substr(it_.begin, it_.key_end - it_.begin), *value);
  }

 private:
  std::string header() const {
    const bool below = it_.kind == Statement::Kind::pair || it_.kind == Statement::Kind::other;
    if (!below || it_.header == Statement::kNone) return {};
    const Statement& header = statements_[it_.header];
    std::vector<std::string> names;
    for (const KeyPart& part : header.path) names.push_back(toml_key(part.name));
    const bool list = header.kind == Statement::Kind::list_header;
    const std::string name = base::join(names, ".");
    return list ? fmt::format("[[{}]]\n", name) : fmt::format("[{}]\n", name);
  }

  std::string_view text_;
  const std::vector<Statement>& statements_;
  const Statement& it_;
  std::vector<std::string_view> path_;
};

/// What makes the statement valid, of what was recognized; none if that leads to the next error. `whole`: as one edit
/// of all of it, which is easier to read than several.
std::vector<Edit> tried(FileId file, const Mended& mended, const Statement& statement, const Repair& repair,
                        bool whole) {
  if (repair.edits.empty()) return {};
  const std::string text = mended.with(repair.edits, statement.line_end);
  std::vector<Edit> edits;
  if (mended.reads(text)) {
    if (repair.edits.size() > 1 || whole) {
      const std::size_t end = std::max(statement.end, repair.edits.back().end);
      edits.push_back({span_of(file, statement.begin, end), mended.with(repair.edits, end)});
    } else {
      const TextEdit& edit = repair.edits.front();
      edits.push_back({span_of(file, edit.begin, edit.end), edit.text});
    }
  } else if (const std::string other = mended.in_form(text); !other.empty() && mended.reads(other)) {
    edits.push_back({span_of(file, statement.begin, statement.end), other});
  }
  return edits;
}

/// `[[export.orders.ports]]` for `ports` below [export.orders], and `[cluster.west.gateway]` for `gateway`.
std::string long_form(const std::vector<Statement>& statements, std::size_t index, const Key& key) {
  std::vector<std::string> names;
  for (const std::string_view name : full_path(statements, index)) names.push_back(toml_key(name));
  const std::string name = base::join(names, ".");
  return key.type == Type::rows ? fmt::format("[[{}]]", name) : fmt::format("[{}]", name);
}

std::optional<Repair> repair_of(std::string_view text, const std::vector<Statement>& statements, std::size_t index,
                                const Key* key) {
  const bool boolean = key && key->type == Type::boolean;
  std::optional<Repair> repair = repair_statement(text, statements[index], boolean);
  if (repair && repair->what == "an inline table stands on one line" && key &&
      (key->type == Type::rows || key->type == Type::table)) {
    repair->help =
        fmt::format("write it on one line, or as `{}` with its keys below", long_form(statements, index, *key));
  }
  if (repair && repair->what.ends_with("has no value") && key) {
    for (const Table* table : all_tables()) {
      const bool own = find_key(*table, key->name) == key;
      if (own) repair->help = fmt::format("write `{} = {}`", key->name, example_of(*table, *key));
    }
  }
  return repair;
}

}  // namespace

void report_statements(const Manager& files, FileId file, const std::vector<Statement>& statements, std::size_t first,
                       std::size_t count, diag::Sink& sink) {
  const std::string_view text = files.text(file);
  std::vector<Edit> edits;
  diag::Report* report = nullptr;
  for (std::size_t i = first; i < first + count; ++i) {
    const Mended mended(text, statements, i);
    const std::optional<Repair> repair = repair_of(text, statements, i, mended.key());
    if (!repair && !report) {
      const Statement& it = statements[i];
      const auto error = syntax_error(text.substr(it.begin, it.line_end - it.begin));
      report_syntax(files, file, it.begin + (error ? error->offset : 0), error ? error->description : "", sink);
      return;
    }
    if (!report) {
      report = &sink.report(span_of(file, repair->begin, repair->end), diag::Syntax, repair->what);
      if (!repair->help.empty()) report->advise(repair->help);
    }
    if (!sink.wants_detail()) return;
    const std::vector<Edit> more =
        repair ? tried(file, mended, statements[i], *repair, count > 1) : std::vector<Edit>();
    if (more.empty()) return;
    edits.insert(edits.end(), more.begin(), more.end());
  }
  if (report) fix_with(*report, files, std::move(edits));
}

void report_syntax(const Manager& files, FileId file, std::size_t offset, std::string_view description,
                   diag::Sink& sink) {
  const std::string_view text = files.text(file);
  offset = std::min(offset, text.size());
  const bool inside = offset < text.size() && text[offset] != '\n' && text[offset] != '\r';
  const std::size_t width = inside ? base::code_point_at(text, offset).bytes : 0;
  sink.report(span_of(file, offset, offset + width), diag::Syntax, reworded(description));
}

}  // namespace meshfed::parse

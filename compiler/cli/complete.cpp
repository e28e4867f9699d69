#include "cli/complete.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "cli/source.hpp"
#include "diag/catalog.hpp"
#include "parse/load.hpp"

namespace meshfed::cli {
namespace {

using Source = Completion::Source;

Source source_of(const Argument& argument) {
  if (argument.called("--cluster")) return Source::clusters;
  if (argument.called("--mesh")) return Source::meshes;
  if (argument.called("--focus") || (argument.names.empty() && argument.value == "NAME")) return Source::names;
  if (argument.value == "PATH") return Source::files;
  if (argument.value == "DIR") return Source::directories;
  if (argument.value == "CODE") return Source::codes;
  return Source::words;
}

// What the words before the cursor have settled.
class Line {
 public:
  explicit Line(const Command& root) : root_(root), command_(&root) {}

  void take(const std::string& word) {
    if (pending_ != nullptr) return take_value(word);
    if (word.size() > 1 && word.front() == '-') return take_option(word);
    if (command_->commands.empty()) {
      const Argument* argument = positional_argument();
      if (argument != nullptr && source_of(*argument) == Source::files) federation_ = word;
      ++positionals_;
    } else if (const Command* command = command_->command(word)) {
      command_ = command;
    } else {
      lost_ = true;
    }
  }

  Completion at_cursor(const std::string& typed) {
    if (pending_ != nullptr) return values(*pending_, typed == "=" ? "" : typed);
    const std::size_t equals = typed.find('=');
    if (typed.starts_with("--") && equals != std::string::npos) {
      const Argument* option = find(typed.substr(0, equals));
      return option != nullptr ? values(*option, typed.substr(equals + 1)) : Completion{};
    }
    if (lost_) return {};
    if (typed.starts_with('-')) return options(typed);
    if (!command_->commands.empty()) return commands(typed);
    return positional(typed);
  }

 private:
  const Argument* find(std::string_view name) const {
    const Argument* own = command_->option(name);
    return own != nullptr ? own : root_.option(name);
  }

  void take_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const Argument* option = find(word.substr(0, equals));
    if (option == nullptr) return;
    used_.insert(option->names.back());
    if (option->value.empty()) return;
    pending_ = option;
    if (equals != std::string::npos) take_value(word.substr(equals + 1));
  }

  void take_value(const std::string& word) {
    if (word == "=") return;  // of bash
    if (pending_->called("--file")) federation_ = word;
    pending_ = nullptr;
  }

  Completion values(const Argument& argument, const std::string& typed) const {
    Completion completion{source_of(argument), {}, typed, federation_};
    for (const std::string& word : argument.words()) add(completion, word, "");
    for (const std::string& word : argument.offers) add(completion, word, "");
    return completion;
  }

  Completion options(const std::string& typed) const {
    Completion completion{Source::words, {}, typed, federation_};
    std::set<std::string> offered;
    for (const Command* command : {command_, &root_}) {
      for (const Argument& argument : command->arguments) {
        if (argument.names.empty() || !offered.insert(argument.names.back()).second) continue;
        if (argument.repeatable() || !used_.contains(argument.names.back()))
          add(completion, argument.names.back(), argument.meaning);
      }
    }
    return completion;
  }

  Completion commands(const std::string& typed) const {
    Completion completion{Source::words, {}, typed, federation_};
    for (const Command& command : command_->commands) add(completion, command.name, command.description);
    return completion;
  }

  Completion positional(const std::string& typed) const {
    const Argument* argument = positional_argument();
    return argument != nullptr ? values(*argument, typed) : Completion{};
  }

  /// What the next word is that is no option; null: there may be none.
  const Argument* positional_argument() const {
    std::size_t left = positionals_;
    for (const Argument& argument : command_->arguments) {
      if (!argument.names.empty()) continue;
      if (left == 0 || argument.repeatable()) return &argument;
      --left;
    }
    return nullptr;
  }

  static void add(Completion& completion, const std::string& word, const std::string& meaning) {
    if (word.starts_with(completion.typed)) completion.words.push_back({word, meaning});
  }

  const Command& root_;
  const Command* command_;
  const Argument* pending_ = nullptr;  // an option that waits for its value
  std::size_t positionals_ = 0;
  std::set<std::string> used_;
  std::string federation_;  // empty: it was not named
  bool lost_ = false;       // behind a word that is no command
};

// As a shell could take them without quoting; other names are errors anyway.
bool is_plain(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

template <class Table>
void add_names(const std::vector<Table>& tables, Completion& completion) {
  for (const Table& table : tables) {
    const std::string& name = *table.name;
    if (name.starts_with(completion.typed) && is_plain(name)) completion.words.push_back({name, ""});
  }
}

void add_names(Completion& completion, base::Fs& fs) {
  source::Manager files;
  diag::Sink ignored;
  const std::optional<model::Federation> federation =
      parse::load(fs, completion.federation.empty() ? nearest_source(fs) : completion.federation, files, ignored);
  if (!federation) return;
  if (completion.source != Source::meshes) add_names(federation->clusters, completion);
  if (completion.source != Source::clusters) add_names(federation->meshes, completion);
  if (completion.source != Source::names) return;
  add_names(federation->networks, completion);
  add_names(federation->exports, completion);
}

void add_codes(Completion& completion) {
  for (const diag::Row& row : diag::catalog()) {
    const std::string code = diag::code_text(row.code);
    if (code.starts_with(completion.typed)) completion.words.push_back({code, std::string(row.name)});
  }
}

}  // namespace

Completion complete(const Command& tool, const std::vector<std::string>& line) {
  Line settled(tool);
  if (line.empty()) return settled.at_cursor("");
  for (std::size_t i = 0; i + 1 < line.size(); ++i) settled.take(line[i]);
  return settled.at_cursor(line.back());
}

std::string answer(Completion completion, base::Fs& fs) {
  const bool named = completion.source == Source::clusters || completion.source == Source::meshes;
  if (named || completion.source == Source::names) add_names(completion, fs);
  if (completion.source == Source::codes) add_codes(completion);
  std::string out;
  for (const Completion::Word& word : completion.words) out += fmt::format("{}\t{}\n", word.text, word.meaning);
  if (completion.source == Source::files) out += ":files\n";
  if (completion.source == Source::directories) out += ":directories\n";
  return out;
}

}  // namespace meshfed::cli

#include "git/identity.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "git/date.hpp"

namespace meshfed::git {
namespace {

struct Role {
  std::string_view name;      // "author"
  std::string_view variable;  // "GIT_AUTHOR_"
};
constexpr Role kAuthor{"author", "GIT_AUTHOR_"};
constexpr Role kCommitter{"committer", "GIT_COMMITTER_"};

Problem unknown(std::string detail, std::string remedy) {
  return {Problem::Kind::no_identity, std::move(detail), std::move(remedy)};
}

class Sources {
 public:
  Sources(const Settings& settings, const Environment& environment) : settings_(settings), environment_(environment) {}

  // `part` is "NAME" or "EMAIL". Empty if it is nowhere.
  std::string text(const Role& role, const std::string& part) const {
    const std::string* variable = environment_.find(std::string(role.variable) + part);
    if (variable) return *variable;
    std::string key = part;
    for (char& c : key) c = static_cast<char>(c - 'A' + 'a');
    const std::string own = settings_.text(std::string(role.name) + "." + key);
    return own.empty() ? settings_.text("user." + key) : own;
  }

  std::variant<Date, Problem> date(const Role& role) const {
    const std::string own = std::string(role.variable) + "DATE";
    if (const std::string* text = environment_.find(own); text) {
      if (const std::optional<Date> date = parse_date(*text, environment_.offset_minutes)) return *date;
      return unknown("`" + own + "` is not in a supported date format", std::string(kDateFormats));
    }
    const std::string* epoch = environment_.find("SOURCE_DATE_EPOCH");
    if (!epoch) return Date{environment_.now, environment_.offset_minutes};
    std::int64_t seconds = 0;
    const char* end = epoch->data() + epoch->size();
    if (std::from_chars(epoch->data(), end, seconds).ptr == end && seconds >= 0) return Date{seconds, 0};
    return unknown("`SOURCE_DATE_EPOCH` is not a number of seconds", "write seconds since 1970, or unset it");
  }

 private:
  const Settings& settings_;
  const Environment& environment_;
};

// What of it is `given` comes first.
std::variant<Signature, Problem> signature(const Role& role, const Author& given, const Sources& sources) {
  const std::string who(role.name);
  const std::string variable(role.variable);
  const std::string name = given.name.empty() ? sources.text(role, "NAME") : given.name;
  const std::string mail = given.mail.empty() ? sources.text(role, "EMAIL") : given.mail;
  if (name.empty() || mail.empty()) {
    const std::string key = name.empty() ? "name" : "email";
    return unknown("no " + key + " is set for its " + who,
                   "set `git config user." + key + "`, or `" + variable + (name.empty() ? "NAME" : "EMAIL") + "`");
  }
  const auto breaks = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  };
  const std::variant<Date, Problem> date = given.date ? *given.date : sources.date(role);
  if (const auto* problem = std::get_if<Problem>(&date)) return *problem;
  git_signature* made = nullptr;
  const Date& when = std::get<Date>(date);
  if (breaks(name) || breaks(mail) ||
      git_signature_new(&made, name.c_str(), mail.c_str(), when.seconds, when.offset_minutes) != 0)
    return unknown("the name or the email of its " + who + " contains characters that are not allowed in a commit",
                   "write them without `<`, `>` and line breaks");
  return Signature(made);
}

}  // namespace

std::variant<Identity, Problem> identity(const Settings& settings, const std::string& author,
                                         const Environment& environment) {
  const Sources sources(settings, environment);
  const Author named = parse_author(author, environment.offset_minutes).value_or(Author{});
  std::variant<Signature, Problem> by = signature(kAuthor, named, sources);
  if (auto* problem = std::get_if<Problem>(&by)) return std::move(*problem);
  std::variant<Signature, Problem> committer = signature(kCommitter, {}, sources);
  if (auto* problem = std::get_if<Problem>(&committer)) return std::move(*problem);
  return Identity{std::move(std::get<Signature>(by)), std::move(std::get<Signature>(committer))};
}

std::string print(const git_signature& signature) {
  const int offset = signature.when.offset;
  char date[64] = {};
  std::snprintf(date, sizeof date, "%lld %c%02d%02d", static_cast<long long>(signature.when.time),
                offset < 0 ? '-' : '+', std::abs(offset) / 60, std::abs(offset) % 60);
  return std::string(signature.name) + " <" + signature.email + "> " + date;
}

}  // namespace meshfed::git

#include "git/identity.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <utility>

namespace meshfed::git {
namespace {

constexpr const char* kDateFormats =
    "write seconds since 1970 and an offset, `1700000000 +0000`, or `2023-11-14T22:13:20Z`";

struct Role {
  std::string_view name;      // "author"
  std::string_view variable;  // "GIT_AUTHOR_"
};
constexpr Role kAuthor{"author", "GIT_AUTHOR_"};
constexpr Role kCommitter{"committer", "GIT_COMMITTER_"};

Problem unknown(std::string detail, std::string remedy) {
  return {Problem::Kind::no_identity, std::move(detail), std::move(remedy)};
}

class Settings {
 public:
  Settings(git_repository& repository, const Environment& environment) : environment_(environment) {
    git_config* config = nullptr;
    if (git_repository_config_snapshot(&config, &repository) == 0) config_.reset(config);
  }

  // `part` is "NAME" or "EMAIL". Empty if it is nowhere.
  std::string text(const Role& role, const std::string& part) const {
    const std::string* variable = environment_.find(std::string(role.variable) + part);
    if (variable) return *variable;
    std::string key = part;
    for (char& c : key) c = static_cast<char>(c - 'A' + 'a');
    const std::string own = config(std::string(role.name) + "." + key);
    return own.empty() ? config("user." + key) : own;
  }

  std::variant<Date, Problem> date(const Role& role) const {
    const std::string own = std::string(role.variable) + "DATE";
    if (const std::string* text = environment_.find(own); text) {
      if (const std::optional<Date> date = parse_date(*text, environment_.offset_minutes)) return *date;
      return unknown("`" + own + "` is not in a supported date format", kDateFormats);
    }
    const std::string* epoch = environment_.find("SOURCE_DATE_EPOCH");
    if (!epoch) return Date{environment_.now, environment_.offset_minutes};
    std::int64_t seconds = 0;
    const char* end = epoch->data() + epoch->size();
    if (std::from_chars(epoch->data(), end, seconds).ptr == end && seconds >= 0) return Date{seconds, 0};
    return unknown("`SOURCE_DATE_EPOCH` is not a number of seconds", "write seconds since 1970, or unset it");
  }

 private:
  std::string config(const std::string& key) const {
    const char* value = nullptr;
    return config_ && git_config_get_string(&value, config_.get(), key.c_str()) == 0 ? value : "";
  }

  const Environment& environment_;
  Config config_;
};

std::variant<Signature, Problem> signature(const Role& role, std::string name, std::string mail,
                                           const Settings& settings) {
  const std::string who(role.name);
  const std::string variable(role.variable);
  if (name.empty()) name = settings.text(role, "NAME");
  if (mail.empty()) mail = settings.text(role, "EMAIL");
  if (name.empty() || mail.empty()) {
    const std::string key = name.empty() ? "name" : "email";
    return unknown("no " + key + " is set for its " + who,
                   "set `git config user." + key + "`, or `" + variable + (name.empty() ? "NAME" : "EMAIL") + "`");
  }
  const auto breaks = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
  };
  const std::variant<Date, Problem> date = settings.date(role);
  if (const auto* problem = std::get_if<Problem>(&date)) return *problem;
  git_signature* made = nullptr;
  const Date& when = std::get<Date>(date);
  if (breaks(name) || breaks(mail) ||
      git_signature_new(&made, name.c_str(), mail.c_str(), when.seconds, when.offset_minutes) != 0)
    return unknown("the name or the email of its " + who + " contains characters that are not allowed in a commit",
                   "write them without `<`, `>` and line breaks");
  return Signature(made);
}

std::optional<int> digits(std::string_view& text, std::size_t count) {
  int number = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  if (error != std::errc() || end != text.data() + count || text[0] == '-') return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// "", "Z", "+0100", "+01:00"; all of the text.
std::optional<int> parse_offset(std::string_view text, int otherwise) {
  skip(text, ' ');
  if (text.empty()) return otherwise;
  if (text == "Z") return 0;
  const bool minus = skip(text, '-');
  if (!minus && !skip(text, '+')) return std::nullopt;
  const std::optional<int> hours = digits(text, 2);
  skip(text, ':');
  const std::optional<int> minutes = digits(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) return std::nullopt;
  return (minus ? -1 : 1) * (*hours * 60 + *minutes);
}

std::optional<Date> parse_calendar(std::string_view text, int offset_minutes) {
  using namespace std::chrono;
  const auto y = digits(text, 4);
  if (!y || !skip(text, '-')) return std::nullopt;
  const auto m = digits(text, 2);
  if (!m || !skip(text, '-')) return std::nullopt;
  const auto d = digits(text, 2);
  if (!d || !(skip(text, 'T') || skip(text, ' '))) return std::nullopt;
  const auto h = digits(text, 2);
  if (!h || !skip(text, ':')) return std::nullopt;
  const auto min = digits(text, 2);
  if (!min || !skip(text, ':')) return std::nullopt;
  const auto s = digits(text, 2);
  const std::optional<int> offset = s ? parse_offset(text, offset_minutes) : std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!offset || !date.ok() || *h > 23 || *min > 59 || *s > 60) return std::nullopt;
  const std::int64_t seconds = sys_days(date).time_since_epoch().count() * std::int64_t{86400};
  return Date{seconds + *h * 3600 + *min * 60 + *s - *offset * 60, *offset};
}

}  // namespace

std::optional<Date> parse_date(std::string_view text, int offset_minutes) {
  if (const std::optional<Date> calendar = parse_calendar(text, offset_minutes)) return calendar;
  skip(text, '@');
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || seconds < 0 || (rest != end && *rest != ' ')) return std::nullopt;
  const std::optional<int> offset = parse_offset({rest, end}, 0);
  return offset ? std::optional(Date{seconds, *offset}) : std::nullopt;
}

std::variant<Identity, Problem> identity(git_repository& repository, const std::string& author,
                                         const Environment& environment) {
  const Settings settings(repository, environment);
  const std::size_t bracket = author.find(" <");
  std::string name, mail;
  if (bracket != std::string::npos) {
    name = author.substr(0, bracket);
    mail = author.substr(bracket + 2, author.size() - bracket - 3);
  }
  std::variant<Signature, Problem> by = signature(kAuthor, name, mail, settings);
  if (auto* problem = std::get_if<Problem>(&by)) return std::move(*problem);
  std::variant<Signature, Problem> committer = signature(kCommitter, {}, {}, settings);
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

// Every diagnostic meshfedc can give, written once: code, severity, words, explanation and two examples
// (catalog/*.def). `meshfedc explain`, the tests' coverage list and the typed names used at `Sink::report` all come
// from these rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meshfed::diag {

enum class Severity : std::uint8_t { error, warning };

/// What an error says to whoever called the compiler: correct the input, decide whether somebody's work may go, or see
/// why the system failed.
enum class Failure : std::uint8_t { input, refused, io };

/// 9xx refuse to harm what somebody else did, all others are about the input, but for these.
constexpr Failure failure_of(std::uint16_t code) {
  switch (code) {
    case 1:    // CannotRead
    case 17:   // CannotPrint
    case 910:  // CannotWrite
    case 911:  // NotARepository
    case 912:  // NoSuchRevision
    case 921:  // UnsupportedRepository
    case 923:  // NoIdentity
    case 925:  // CannotCommit
    case 940:  // BadGitSetting
      return Failure::io;
    case 16:    // WouldOverwrite
    case 1006:  // WrongApplication
    case 1133:  // NotAPicture
      return Failure::refused;
    default:
      return code / 100 == 9 ? Failure::refused : Failure::input;
  }
}

struct Row {
  std::uint16_t code;     // 301 is printed as MF0301; never reused
  std::string_view name;  // UnknownCluster
  Severity severity;
  std::string_view message;  // fmt format string; lower case, no full stop
  std::string_view help;     // what to do, unless the reporter says something more exact; may be empty
  std::string_view why;      // the rule and why Istio, Kubernetes or Git needs it
  std::string_view bad;      // an example that gives this code; see catalog/README.md for how examples are read
  std::string_view good;     // the same, mended
  Failure failure = Failure::input;
};

/// All rows, by ascending code.
std::span<const Row> catalog();

/// The row of a code such as "MF0301" (any case, "301" too); null if there is none.
const Row* find_row(std::string_view code);

/// "MF0301"
std::string code_text(std::uint16_t code);

// One empty type and one constant per row, so that `sink.report(span, diag::UnknownCluster, …)` is checked by the
// compiler: the number of arguments and that each can be formatted. Lengths are given: g++ 12 would count 300 KB of
// characters one by one, wherever this is included.
#define MF_TEXT(LITERAL) std::string_view(LITERAL, sizeof(LITERAL) - 1)
#define MF_DIAG(CODE, NAME, SEVERITY, MESSAGE, HELP, WHY, BAD, GOOD)                                            \
  struct NAME##Row {                                                                                            \
    static constexpr std::string_view kMessage = MF_TEXT(MESSAGE);                                              \
    static constexpr Row kRow{CODE,         MF_TEXT(#NAME), Severity::SEVERITY, kMessage,        MF_TEXT(HELP), \
                              MF_TEXT(WHY), MF_TEXT(BAD),   MF_TEXT(GOOD),      failure_of(CODE)};              \
  };                                                                                                            \
  inline constexpr NAME##Row NAME{};
#include "diag/catalog/all.def"
#undef MF_DIAG
#undef MF_TEXT

}  // namespace meshfed::diag

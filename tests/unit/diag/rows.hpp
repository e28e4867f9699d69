// Rows of our own, so that expected texts do not change with the catalog's words.
#pragma once

#include "diag/catalog.hpp"

namespace meshfed::testing {

#define MESHFED_TEST_ROW(CODE, NAME, SEVERITY, MESSAGE, HELP)                                          \
  struct NAME##TestRow {                                                                               \
    static constexpr std::string_view kMessage = MESSAGE;                                              \
    static constexpr diag::Row kRow{CODE, #NAME, diag::Severity::SEVERITY, MESSAGE, HELP, {}, {}, {}}; \
  };                                                                                                   \
  inline constexpr NAME##TestRow NAME{};

MESHFED_TEST_ROW(16, WouldOverwrite, error, "`{}` already exists", "remove it first")
MESHFED_TEST_ROW(17, CannotPrint, error, "cannot write to standard output: {}", "")
MESHFED_TEST_ROW(301, UndeclaredParty, error, "export \"{}\" names \"{}\", which is not declared", "")
MESHFED_TEST_ROW(307, MeshWithoutCluster, warning, "mesh \"{}\" has no cluster", "declare its cluster")
MESHFED_TEST_ROW(901, EditedByHand, error, "`{}` was edited by hand", "undo the edit")
#undef MESHFED_TEST_ROW

}  // namespace meshfed::testing

#include "diag/render_json.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "diag/render_text.hpp"

namespace meshfed::diag {
namespace {

using Json = nlohmann::ordered_json;

void put_position(Json& object, const source::Span& span, const source::Manager& files) {
  if (!span.known()) {
    for (const char* key : {"file", "line", "column", "endLine", "endColumn"}) object[key] = nullptr;
    return;
  }
  const source::Place begin = files.begin(span);
  const source::Place end = files.end(span);
  object["file"] = std::string(begin.path);
  object["line"] = begin.line;
  object["column"] = begin.column;
  object["endLine"] = end.line;
  object["endColumn"] = end.column;
}

Json note_json(const Note& note, const source::Manager& files) {
  Json object;
  object["message"] = note.text;
  put_position(object, note.span, files);
  return object;
}

Json fix_json(const Fix& fix, const source::Manager& files) {
  Json object;
  object["replacement"] = fix.replacement;
  put_position(object, fix.span, files);
  return object;
}

Json report_json(const Report& report, const source::Manager& files) {
  Json object;
  object["code"] = code_text(report.row->code);
  object["severity"] = report.row->severity == Severity::error ? "error" : "warning";
  object["message"] = report.message;
  put_position(object, report.span, files);
  if (!report.span.known() && !report.place.empty()) object["place"] = report.place;
  object["notes"] = Json::array();
  for (const Note& note : report.notes) object["notes"].push_back(note_json(note, files));
  const std::string_view help = help_of(report);
  object["help"] = help.empty() ? Json(nullptr) : Json(std::string(help));
  object["fix"] = report.fix ? fix_json(*report.fix, files) : Json(nullptr);
  return object;
}

}  // namespace

std::string render_json(const Sink& sink, const source::Manager& files) {
  Json document;
  document["version"] = 1;
  document["diagnostics"] = Json::array();
  for (const Report& report : sink.reports()) document["diagnostics"].push_back(report_json(report, files));
  document["errors"] = sink.errors();
  document["warnings"] = sink.warnings();
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace meshfed::diag

// Both forms of JSON, since nlohmann's header takes g++ longer to read than this file.
#include "diag/render_json.hpp"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "diag/explain.hpp"
#include "diag/fingerprint.hpp"
#include "diag/render_sarif.hpp"
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

// --- SARIF

namespace {

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr const char* kRoot = "%SRCROOT%";

const char* level(const Row& row) { return row.severity == Severity::error ? "error" : "warning"; }

Json text_object(std::string text) { return {{"text", std::move(text)}}; }

// RFC 3986: what may stand in a path as it is, and percent signs for the other bytes.
std::string percent_encoded(std::string_view path) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=@/";
  std::string out;
  for (const char c : path) {
    const bool plain = kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Json artifact(std::string_view shown, const Checkout& checkout) {
  const std::string path = percent_encoded(path_in(checkout, shown));
  if (path.starts_with('/')) return {{"uri", "file://" + path}};
  return {{"uri", path}, {"uriBaseId", kRoot}};
}

Json region(const source::Span& span, const source::Manager& files) {
  const source::Place begin = files.begin(span);
  const source::Place end = files.end(span);
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

Json location(const source::Span& span, const source::Manager& files, const Checkout& checkout) {
  Json place{{"artifactLocation", artifact(files.path(span.file), checkout)}, {"region", region(span, files)}};
  return {{"physicalLocation", std::move(place)}};
}

Json fix_json(const Report& report, const source::Manager& files, const Checkout& checkout) {
  Json replacement{{"deletedRegion", region(report.fix->span, files)}};
  if (!report.fix->replacement.empty()) replacement["insertedContent"] = text_object(report.fix->replacement);
  Json change{{"artifactLocation", artifact(files.path(report.fix->span.file), checkout)},
              {"replacements", Json::array({std::move(replacement)})}};
  return {{"description", text_object(fix_text(report, files))}, {"artifactChanges", Json::array({std::move(change)})}};
}

std::string fenced(std::string_view title, std::string_view example) {
  const std::size_t first = example.find_first_not_of('\n');
  if (first == std::string_view::npos) return {};
  example = example.substr(first, example.find_last_not_of(" \n") + 1 - first);
  return fmt::format("\n{}\n\n```{}\n{}\n```\n", title, example.starts_with("$ ") ? "console" : "toml", example);
}

std::string markdown_help(const Row& row) {
  constexpr std::size_t kOneLine = std::string_view::npos;
  std::string out = wrap(row.why, kOneLine);
  out += fenced("Instead of", row.bad) + fenced("write", row.good);
  if (!row.help.empty()) out += fmt::format("\n{}", wrap(fmt::format("Help: {}", row.help), kOneLine));
  return out;
}

Json descriptor(const Row& row) {
  return {{"id", code_text(row.code)},
          {"name", std::string(row.name)},
          {"shortDescription", text_object(shown_pattern(row.message))},
          {"help", {{"text", explain(row)}, {"markdown", markdown_help(row)}}},
          {"defaultConfiguration", {{"level", level(row)}}}};
}

// Rows in the order in which they are first named, each with its index in that list.
class Descriptors {
 public:
  std::size_t index(const Row& row) {
    const auto [found, fresh] = indices_.try_emplace(row.code, indices_.size());
    if (fresh) list_.push_back(descriptor(row));
    return found->second;
  }

  Json take() { return std::move(list_); }

 private:
  std::map<std::uint16_t, std::size_t> indices_;
  Json list_ = Json::array();
};

class Writer {
 public:
  Writer(const source::Manager& files, const Checkout& checkout) : files_(files), checkout_(checkout) {}

  void add(const Report& report) {
    if (report.span.known())
      results_.push_back(result(report));
    else
      notifications_.push_back(notification(report));
  }

  Json run(bool successful, std::string_view version) {
    Json driver{{"name", "meshfedc"}, {"version", std::string(version)}, {"rules", rules_.take()}};
    driver["notifications"] = notified_.take();
    Json invocation{{"executionSuccessful", successful}, {"toolExecutionNotifications", std::move(notifications_)}};
    Json run{{"tool", {{"driver", std::move(driver)}}}, {"columnKind", "unicodeCodePoints"}};
    run["originalUriBaseIds"][kRoot]["description"] = text_object("The root of the repository.");
    run["invocations"] = Json::array({std::move(invocation)});
    run["results"] = std::move(results_);
    return run;
  }

 private:
  // The message, the facts that have no place, and what to do.
  Json message(const Report& report) const {
    std::string text = base::escaped(report.message);
    for (const std::string& remark : remarks_of(report, files_)) text += '\n' + base::escaped(remark);
    return text_object(std::move(text));
  }

  const std::string& fingerprint(const source::Span& span) {
    const auto [found, fresh] = fingerprints_.try_emplace(span.file);
    if (fresh) found->second = line_fingerprints(files_.text(span.file));
    return found->second[files_.begin(span).line - 1];
  }

  Json result(const Report& report) {
    Json result{{"ruleId", code_text(report.row->code)}, {"ruleIndex", rules_.index(*report.row)}};
    result["level"] = level(*report.row);
    result["message"] = message(report);
    result["locations"] = Json::array({location(report.span, files_, checkout_)});
    for (const Note& note : report.notes) {
      if (!note.span.known()) continue;
      Json related = location(note.span, files_, checkout_);
      related["message"] = text_object(base::escaped(note.text));
      result["relatedLocations"].push_back(std::move(related));
    }
    result["partialFingerprints"]["primaryLocationLineHash"] = fingerprint(report.span);
    if (report.fix && report.fix->span.known()) result["fixes"] = Json::array({fix_json(report, files_, checkout_)});
    return result;
  }

  Json notification(const Report& report) {
    const std::size_t index = notified_.index(*report.row);
    Json out{{"descriptor", {{"id", code_text(report.row->code)}, {"index", index}}}};
    out["level"] = level(*report.row);
    out["message"] = message(report);
    if (!report.place.empty()) {
      Json place{{"artifactLocation", artifact(report.place, checkout_)}};
      out["locations"] = Json::array({Json{{"physicalLocation", std::move(place)}}});
    }
    return out;
  }

  const source::Manager& files_;
  const Checkout& checkout_;
  std::map<source::FileId, std::vector<std::string>> fingerprints_;
  Descriptors rules_;
  Descriptors notified_;
  Json results_ = Json::array();
  Json notifications_ = Json::array();
};

}  // namespace

std::string render_sarif(const Sink& sink, const source::Manager& files, const Checkout& checkout,
                         std::string_view version) {
  Writer writer(files, checkout);
  for (const Report& report : sink.reports()) writer.add(report);
  Json log{{"$schema", kSchema}, {"version", "2.1.0"}};
  log["runs"] = Json::array({writer.run(sink.errors() == 0, version)});
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace meshfed::diag

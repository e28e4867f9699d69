// Requirements for people and for programs.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "require/requirements.hpp"

namespace meshfed::require {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json json_of(const Requirement& one) {
  Json object = {{"name", one.name}, {"text", one.text}};
  if (!one.command.empty()) object["command"] = one.command;
  if (!one.code.empty()) object["code"] = one.code;
  return object;
}

Json json_of(const Step& one) {
  Json object = {{"name", one.name}, {"text", one.text}};
  if (!one.clusters.empty()) object["clusters"] = one.clusters;
  if (!one.files.empty()) object["files"] = one.files;
  return object;
}

std::string text_of(const Requirement& one) {
  std::string text =
      fmt::format("- {}{}\n", base::escaped(one.text), one.code.empty() ? "" : fmt::format(" ({})", one.code));
  if (!one.command.empty()) text += fmt::format("    {}\n", base::escaped(one.command));
  return text;
}

/// Names and values come from federation.toml, where their form is checked; a pipe would end a cell.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : base::escaped(text)) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string row_of(const Requirement& one) {
  const std::string command = one.command.empty() ? "" : fmt::format("`{}`", cell(one.command));
  return fmt::format("| {} | {} | {} | {} |\n", one.name, cell(one.text), command, one.code);
}

Json text_schema(const char* description) { return {{"type", "string"}, {"description", description}}; }

Json object_schema(Json properties, Json required) {
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

Json list_schema(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

}  // namespace

std::string render_text(const Requirements& all) {
  std::string text;
  for (const ClusterRequirements& cluster : all.clusters) {
    if (!text.empty()) text += '\n';
    text += fmt::format("cluster {}\n", base::escaped(cluster.cluster));
    for (const Requirement& one : cluster.requirements) text += text_of(one);
  }
  for (const Procedure& procedure : all.procedures) {
    if (!text.empty()) text += '\n';
    text += base::escaped(procedure.title) + "\n";
    for (std::size_t i = 0; i < procedure.steps.size(); ++i)
      text += fmt::format("{}. {}\n", i + 1, base::escaped(procedure.steps[i].text));
  }
  return text;
}

std::string render_markdown(const Requirements& all) {
  std::string text;
  for (const ClusterRequirements& cluster : all.clusters) {
    text += fmt::format("{}## {}\n\n| name | what must be true | see | why |\n|---|---|---|---|\n",
                        text.empty() ? "" : "\n", base::escaped(cluster.cluster));
    for (const Requirement& one : cluster.requirements) text += row_of(one);
  }
  for (const Procedure& procedure : all.procedures) {
    text += fmt::format("{}## {}\n\n", text.empty() ? "" : "\n", base::escaped(procedure.title));
    for (std::size_t i = 0; i < procedure.steps.size(); ++i)
      text += fmt::format("{}. {}\n", i + 1, base::escaped(procedure.steps[i].text));
  }
  return text;
}

std::string render_json(const Requirements& all) {
  Json clusters = Json::array(), procedures = Json::array();
  for (const ClusterRequirements& cluster : all.clusters) {
    Json list = Json::array();
    for (const Requirement& one : cluster.requirements) list.push_back(json_of(one));
    clusters.push_back({{"name", cluster.cluster}, {"requirements", std::move(list)}});
  }
  for (const Procedure& procedure : all.procedures) {
    Json steps = Json::array();
    for (const Step& one : procedure.steps) steps.push_back(json_of(one));
    procedures.push_back({{"title", procedure.title}, {"steps", std::move(steps)}});
  }
  return Json{{"version", kVersion}, {"clusters", std::move(clusters)}, {"procedures", std::move(procedures)}}.dump(2) +
         "\n";
}

std::string json_schema() {
  const Json requirement =
      object_schema({{"name", text_schema("A stable word for what is required.")},
                     {"text", text_schema("What must be true, as a sentence.")},
                     {"command", text_schema("A command that shows it.")},
                     {"code", text_schema("The diagnostic whose explanation says why: meshfedc explain CODE.")}},
                    {"name", "text"});
  const Json cluster = object_schema(
      {{"name", text_schema("The cluster.")}, {"requirements", list_schema(requirement)}}, {"name", "requirements"});
  Json clusters = list_schema({{"type", "string"}}), files = list_schema({{"type", "string"}});
  clusters["description"] = "Where it is done, one after the other.";
  files["description"] = "The files that it changes, as federation.toml names them.";
  const Json step = object_schema({{"name", text_schema("A stable word for what is done.")},
                                   {"text", text_schema("What to do.")},
                                   {"clusters", std::move(clusters)},
                                   {"files", std::move(files)}},
                                  {"name", "text"});
  const Json procedure =
      object_schema({{"title", text_schema("What is changed.")}, {"steps", list_schema(step)}}, {"title", "steps"});
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "meshfedc requirements --format json"}};
  schema.update(object_schema(
      {{"version", {{"const", kVersion}}}, {"clusters", list_schema(cluster)}, {"procedures", list_schema(procedure)}},
      {"version", "clusters", "procedures"}));
  return schema.dump(2) + "\n";
}

}  // namespace meshfed::require

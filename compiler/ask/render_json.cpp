#include <nlohmann/json.hpp>

#include "ask/render.hpp"

namespace meshfed::ask {
namespace {

using Json = nlohmann::ordered_json;

Json endpoint_json(const Endpoint& endpoint) {
  Json object = Json::object();
  if (!endpoint.workload.empty()) object["workload"] = endpoint.workload;
  if (!endpoint.address.empty()) object["address"] = endpoint.address;
  object["port"] = endpoint.port;
  object["network"] = endpoint.network;
  object["share"] = endpoint.share;
  return object;
}

Json end_json(const End& end) {
  return {{"cluster", end.cluster},
          {"workload", end.workload},
          {"identity", end.identity},
          {"port", end.port},
          {"share", end.share}};
}

Json hop_json(const Hop& hop) {
  return {
      {"cluster", hop.cluster}, {"text", hop.text}, {"object", hop.object}, {"field", hop.field}, {"share", hop.share}};
}

Json cause_json(const Cause& cause) {
  return {{"code", diag::code_text(cause.row->code)},
          {"severity", cause.row->severity == diag::Severity::error ? "error" : "warning"},
          {"message", cause.message},
          {"place", cause.place},
          {"share", cause.share}};
}

template <class T, class ToJson>
Json list(const std::vector<T>& items, ToJson to_json) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(to_json(item));
  return array;
}

Json answer_json(const Answer& answer) {
  const Question& question = answer.question;
  Json object{
      {"client",
       {{"cluster", question.client.cluster}, {"namespace", question.client.ns}, {"account", question.client.account}}},
      {"host", question.host},
      {"port", question.port},
      {"verdict", word(answer.verdict)},
      {"identity", answer.identity},
      {"accepted", answer.accepted},
      {"endpoints", list(answer.endpoints, endpoint_json)},
      {"ends", list(answer.ends, end_json)}};
  if (!answer.hops.empty()) object["hops"] = list(answer.hops, hop_json);
  object["causes"] = list(answer.causes, cause_json);
  return object;
}

Json passed_json(const Passed& one) {
  Json object{{"cluster", one.cluster}, {"gateway", one.gateway}, {"port", one.port}, {"sni", one.sni}};
  if (!one.host.empty()) {
    object["host"] = one.host;
    object["host_port"] = one.host_port;
    object["needed_by"] = one.needed;
  }
  object["object"] = one.object;
  return object;
}

/// A document whose list of rows is written row by row: there may be very many.
template <class T, class ToJson>
void write_rows(std::string& out, std::string_view name, const std::vector<T>& items, ToJson to_json) {
  out.append("  \"").append(name).append("\": [");
  bool first = true;
  for (const T& item : items) {
    out += first ? "\n    " : ",\n    ";
    out += to_json(item).dump();
    first = false;
  }
  out += items.empty() ? "]" : "\n  ]";
}

std::string head(const std::vector<std::string>& assumptions) {
  return "{\n  \"version\": " + std::to_string(kAnswersVersion) + ",\n  \"assumptions\": " + Json(assumptions).dump() +
         ",\n";
}

}  // namespace

std::string json_of(const std::vector<Answer>& answers, const std::vector<std::string>& assumptions) {
  std::string out = head(assumptions);
  write_rows(out, "answers", answers, answer_json);
  return out + "\n}\n";
}

std::string json_of(const Exposure& exposure, const std::vector<std::string>& assumptions) {
  std::string out = head(assumptions);
  write_rows(out, "passed", exposure.passed, passed_json);
  out += ",\n";
  write_rows(out, "causes", exposure.causes, cause_json);
  return out + "\n}\n";
}

}  // namespace meshfed::ask

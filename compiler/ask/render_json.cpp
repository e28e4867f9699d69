// JSON, written as text: tables have very many rows.
#include <iterator>

#include <fmt/format.h>

#include "ask/render.hpp"
#include "base/text.hpp"

namespace meshfed::ask {
namespace {

/// An object or a list that is being written.
class Json {
 public:
  explicit Json(std::string& out) : out_(out) {}

  template <class T>
  Json& field(std::string_view key, const T& value) {
    begin();
    string(key);
    out_ += ':';
    put(value);
    return *this;
  }

  /// What `write(Json&)` writes, between the brackets.
  template <class Write>
  Json& object(std::string_view key, Write write) {
    begin();
    string(key);
    out_ += ":{";
    Json inner(out_);
    write(inner);
    out_ += '}';
    return *this;
  }

  /// An object for each item.
  template <class T, class Write>
  Json& list(std::string_view key, const std::vector<T>& items, Write write) {
    begin();
    string(key);
    out_ += ":[";
    for (const T& item : items) {
      if (&item != &items.front()) out_ += ',';
      out_ += '{';
      Json inner(out_);
      write(inner, item);
      out_ += '}';
    }
    out_ += ']';
    return *this;
  }

 private:
  void begin() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  void put(std::string_view text) { string(text); }
  void put(const std::string& text) { string(text); }
  void put(const char* text) { string(text); }
  void put(std::int64_t number) { fmt::format_to(std::back_inserter(out_), "{}", number); }
  void put(double number) { fmt::format_to(std::back_inserter(out_), "{}", number); }
  void put(const std::vector<std::string>& texts) {
    out_ += '[';
    for (const std::string& text : texts) {
      if (&text != &texts.front()) out_ += ',';
      string(text);
    }
    out_ += ']';
  }

  /// How many bytes at the beginning stand for themselves.
  static std::size_t plain_bytes(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && is_plain(static_cast<unsigned char>(text[count]))) ++count;
    return count;
  }
  static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

  void string(std::string_view text) {
    out_ += '"';
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t plain = plain_bytes(text.substr(at));
      out_ += text.substr(at, plain);
      at += plain;
      if (at == text.size()) break;
      const char c = text[at];
      const base::CodePoint point = base::code_point_at(text, at);
      if (c == '"' || c == '\\')
        out_.append(1, '\\').append(1, c);
      else if (static_cast<unsigned char>(c) < 0x20)
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
      else
        out_ += point.valid ? text.substr(at, point.bytes) : std::string_view("\xEF\xBF\xBD");
      at += point.bytes;
    }
    out_ += '"';
  }

  std::string& out_;
  bool first_ = true;
};

void put_cause(Json& json, const Cause& cause) {
  json.field("code", diag::code_text(cause.row->code))
      .field("severity", cause.row->severity == diag::Severity::error ? "error" : "warning")
      .field("message", cause.message)
      .field("place", cause.place)
      .field("share", cause.share);
}

void put_endpoint(Json& json, const Endpoint& endpoint) {
  if (!endpoint.workload.empty()) json.field("workload", endpoint.workload);
  if (!endpoint.address.empty()) json.field("address", endpoint.address);
  json.field("port", endpoint.port).field("network", endpoint.network).field("share", endpoint.share);
}

void put_end(Json& json, const End& end) {
  json.field("cluster", end.cluster)
      .field("workload", end.workload)
      .field("identity", end.identity)
      .field("port", end.port)
      .field("share", end.share);
}

void put_hop(Json& json, const Hop& hop) {
  json.field("cluster", hop.cluster)
      .field("text", hop.text)
      .field("object", hop.object)
      .field("field", hop.field)
      .field("share", hop.share);
}

void put_question(Json& json, const Question& question) {
  const Client& client = question.client;
  json.object("client",
              [&](Json& inner) {
                inner.field("cluster", client.cluster).field("namespace", client.ns).field("account", client.account);
              })
      .field("host", question.host)
      .field("port", question.port);
}

void put_answer(Json& json, const Answer& answer) {
  put_question(json, answer.question);
  json.field("verdict", word(answer.verdict))
      .field("identity", answer.identity)
      .field("accepted", answer.accepted)
      .list("endpoints", answer.endpoints, put_endpoint)
      .list("ends", answer.ends, put_end);
  if (!answer.hops.empty()) json.list("hops", answer.hops, put_hop);
  json.list("causes", answer.causes, put_cause);
}

void put_change(Json& json, const Change& change) {
  json.field("change", word(change.turn));
  put_question(json, change.question());
  if (change.before) json.object("before", [&](Json& inner) { put_answer(inner, *change.before); });
  if (change.now) json.object("now", [&](Json& inner) { put_answer(inner, *change.now); });
}

void put_passed(Json& json, const Passed& one) {
  json.field("cluster", one.cluster).field("gateway", one.gateway).field("port", one.port).field("sni", one.sni);
  if (!one.host.empty()) json.field("host", one.host).field("host_port", one.host_port).field("needed_by", one.needed);
  json.field("object", one.object);
}

template <class T, class Write>
void add_line(std::string& rows, const T& item, Write write) {
  rows += "    {";
  Json json(rows);
  write(json, item);
  rows += "},\n";
}

/// Rows, each of which ends with a comma and a line feed, as a list.
std::string listed(std::string rows) {
  if (rows.empty()) return "[]";
  rows.resize(rows.size() - 2);
  return "[\n" + std::move(rows) + "\n  ]";
}

std::string head(const std::vector<std::string>& assumptions) {
  std::string out = "{\n  ";
  Json(out).field("version", std::int64_t{kAnswersVersion});
  out += ",\n  ";
  Json(out).field("assumptions", assumptions);
  return out + ",\n";
}

}  // namespace

void add_json_row(std::string& rows, const Answer& answer) { add_line(rows, answer, put_answer); }

Frame json_frame(const std::vector<std::string>& assumptions) {
  return {.begin = head(assumptions) + "  \"answers\": [",
          .first = "\n",
          .between = ",\n",
          .end = "\n  ]\n}\n",
          .none = "]\n}\n"};
}

std::string json_of(const Difference& difference, const std::vector<std::string>& assumptions) {
  std::string changes, out = head(assumptions) + "  ";
  for (const Change& one : difference.changes) add_line(changes, one, put_change);
  Json(out).field("asked", static_cast<std::int64_t>(difference.asked));
  return out + ",\n  \"changes\": " + listed(std::move(changes)) + "\n}\n";
}

std::string json_of(const Exposure& exposure, const std::vector<std::string>& assumptions) {
  std::string passed, causes;
  for (const Passed& one : exposure.passed) add_line(passed, one, put_passed);
  for (const Cause& one : exposure.causes) add_line(causes, one, put_cause);
  return head(assumptions) + "  \"passed\": " + listed(std::move(passed)) +
         ",\n  \"causes\": " + listed(std::move(causes)) + "\n}\n";
}

}  // namespace meshfed::ask

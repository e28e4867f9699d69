#include "discover/ports.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "model/resolved_federation.hpp"

namespace meshfed::discover {
namespace {

using model::Port;
using model::Protocol;
using source::Span;
using yaml::Node;

constexpr int kLastPort = 65535;
constexpr std::size_t kMaxPorts = 256;  // of an export

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), base::to_lower);
  return out;
}

/// What istiod takes a word for (ConvertProtocol in pkg/config/kube of Istio's source).
std::optional<Protocol> protocol_named(std::string_view said) {
  const std::string word = lower(said);
  if (word.starts_with("grpc-web")) return Protocol::grpc_web;
  const std::string stem = word.substr(0, word.find('-'));
  for (const Protocol one : {Protocol::http, Protocol::http2, Protocol::grpc, Protocol::https, Protocol::tls,
                             Protocol::tcp, Protocol::mongo, Protocol::mysql, Protocol::redis}) {
    if (stem == model::word(one)) return one;
  }
  return std::nullopt;
}

/// Of one port: `appProtocol` decides, else the beginning of its name, else a few numbers of which istiod knows that
/// they are TCP.
std::optional<Protocol> protocol_of(const Node* app_protocol, std::string_view name, int number) {
  constexpr std::array kTcp{25, 53, 3306, 27017};
  std::string_view word = name;
  if (app_protocol) {
    word = text_of(app_protocol);
    if (word == "kubernetes.io/h2c") return Protocol::http2;
    if (word == "kubernetes.io/ws") return Protocol::http;
    if (word == "kubernetes.io/wss") return Protocol::https;
  }
  if (const auto found = protocol_named(word)) return found;
  return std::find(kTcp.begin(), kTcp.end(), number) == kTcp.end() ? std::nullopt : std::optional(Protocol::tcp);
}

class Reader {
 public:
  Reader(const Service& service, std::string_view name, const Pods& pods, Targets targets, diag::Sink& sink)
      : service_(service), name_(name), pods_(pods), targets_(targets), sink_(sink) {}

  Ports read() {
    const Node* list = find_at(service_.node, {"spec", "ports"});
    if (list && !list->is(Node::Kind::list)) {
      wrong(*list, "spec.ports", "is not a list");
      return std::move(out_);
    }
    if (list && list->items.size() > kMaxPorts) {
      wrong(list->items[kMaxPorts], "spec.ports",
            fmt::format("has {} items; at most {} are supported", list->items.size(), kMaxPorts));
      return std::move(out_);
    }
    if (list) {
      for (const Node& port : list->items) take(port);
    }
    return std::move(out_);
  }

 private:
  Span span(const Node& node) const { return span_of(service_.file, node); }

  void wrong(const Node& node, std::string_view field, std::string_view what) {
    sink_.report(span(node), diag::BadManifestValue, field, name_, what);
    out_.sound = false;
  }

  void take(const Node& node) {
    const Node* transport = node.find("protocol");
    const std::string_view protocol = text_of(transport);
    const Node* number = node.find("port");
    if (!protocol.empty() && protocol != "TCP") {
      out_.left_out.push_back({model::Doubt::Kind::port_left_out, span(*transport),
                               fmt::format("{} ({})", number ? number->text : "", protocol)});
      return;
    }
    if (!is_port(number)) {
      wrong(number ? *number : node, "port", number ? "is not a number from 1 to 65535" : "is missing");
      return;
    }
    Port port;
    port.number = {static_cast<int>(number->integer), span(*number)};
    const Node* name = node.find("name");
    if (name && !name->is(Node::Kind::string) && !name->is(Node::Kind::null)) {
      wrong(*name, "name", "is not a string");
      return;
    }
    take_protocol(node, text_of(name), port);
    if (!text_of(name).empty())
      port.name = {std::string(text_of(name)), span(*name)};
    else if (port.protocol.given())
      port.name = {fmt::format("{}-{}", model::word(*port.protocol), *port.number), span(*number)};
    else
      port.name.state = model::State::bad;
    take_target(node, port);
    out_.ports.push_back(std::move(port));
  }

  static bool is_port(const Node* node) {
    return node && node->is(Node::Kind::integer) && node->integer > 0 && node->integer <= kLastPort;
  }

  void take_protocol(const Node& node, std::string_view name, Port& port) {
    const Node* app = node.find("appProtocol");
    if (app && app->is(Node::Kind::null)) app = nullptr;
    const auto found = protocol_of(app, name, *port.number);
    const Node* where = app ? app : node.find("name");
    if (found) {
      port.protocol = {*found, where ? span(*where) : port.number.span};
      return;
    }
    port.protocol.state = model::State::bad;
    out_.sound = false;
    sink_.report(where ? span(*where) : port.number.span, diag::DiscoveredPortProtocol, *port.number, name_);
  }

  void take_target(const Node& node, Port& port) {
    const Node* target = node.find("targetPort");
    if (!target || target->is(Node::Kind::null)) {
      port.target = port.number;
      return;
    }
    port.target.state = model::State::bad;
    if (is_port(target)) {
      port.target = {static_cast<int>(target->integer), span(*target)};
      return;
    }
    if (!target->is(Node::Kind::string) || target->text.empty()) {
      wrong(*target, "targetPort", "is neither the number nor the name of a port");
      return;
    }
    const auto known = pods_.ports.find(target->text);
    if (known != pods_.ports.end() && known->second) {
      port.target = {*known->second, span(*target)};
      return;
    }
    if (targets_ == Targets::optional) {
      port.target = {};
      return;
    }
    out_.sound = false;
    const std::string_view why = known != pods_.ports.end()
                                     ? "the workloads that it selects have different ports of that name"
                                 : pods_.any ? "no workload that it selects has a port of that name"
                                             : "no workload that it selects is in the manifests";
    sink_.report(span(*target), diag::NamedTargetPort, target->text, name_, why);
  }

  const Service& service_;
  std::string_view name_;
  const Pods& pods_;
  Targets targets_;
  diag::Sink& sink_;
  Ports out_;
};

}  // namespace

Ports read_ports(const Service& service, std::string_view name, const Pods& pods, Targets targets, diag::Sink& sink) {
  return Reader(service, name, pods, targets, sink).read();
}

}  // namespace meshfed::discover

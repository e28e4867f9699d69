#include <algorithm>
#include <map>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "check/reserved_ports.hpp"
#include "check/rules.hpp"
#include "resolve/each_export.hpp"

namespace meshfed::check {
namespace {

using model::ClusterId;
using model::Export;
using model::ExportId;
using model::ExportInfo;
using model::Name;
using model::Naming;
using model::Port;
using model::Protocol;
using model::ResolvedFederation;
using resolve::concerned;
using resolve::each_export;

/// Calls `repeated(first, again)` for each port whose `key` is that of an earlier one.
template <class Member, class Repeated>
void each_repeated(const Export& exported, Member key, Repeated repeated) {
  if (exported.ports->size() < 2) return;
  std::map<std::remove_cvref_t<decltype(*(std::declval<Port>().*key))>, const Port*> firsts;
  for (const Port& port : *exported.ports) {
    if (!(port.*key).given()) continue;
    const auto [first, fresh] = firsts.try_emplace(*(port.*key), &port);
    if (!fresh) repeated(*first->second, port);
  }
}

/// MF0403: a port number stands once.
void port_numbers_are_unique(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    each_repeated(exported, &Port::number, [&](const Port& first, const Port& again) {
      sink.report(again.number.span, diag::DuplicatePortNumber, *exported.name, *again.number)
          .note(first.number.span, "first declared here");
    });
  });
}

/// MF0404: a port name stands once.
void port_names_are_unique(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    each_repeated(exported, &Port::name, [&](const Port& first, const Port& again) {
      sink.report(again.name.span, diag::DuplicatePortName, *exported.name, *again.name)
          .note(first.name.span, "first declared here");
    });
  });
}

/// MF0405, MF0406: a port has a protocol, and it is not UDP.
void ports_have_protocols(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId, const Export& exported, const ExportInfo&) {
    for (const Port& port : *exported.ports) {
      if (port.protocol.state != model::State::absent || !port.name.given() || model::protocol_of(port)) continue;
      const std::string& name = *port.name;
      if (name == "udp" || name.starts_with("udp-")) {
        sink.report(port.name.span, diag::UdpPort, name);
      } else {
        sink.report(port.name.span, diag::ProtocolUnknown, name)
            .advise(fmt::format("add `protocol = \"http\"` (or the actual protocol), or rename the port to \"http-{}\"",
                                name));
      }
    }
  });
}

bool is_opaque(const Port& port) {
  const auto protocol = model::protocol_of(port);
  return protocol == Protocol::tcp || protocol == Protocol::mongo || protocol == Protocol::mysql ||
         protocol == Protocol::redis;
}

/// Where some of the exports say the port.
void note_ports(const ResolvedFederation& resolved, const std::vector<ExportId>& exports, int number,
                diag::Report& report) {
  constexpr std::size_t kShown = 2;
  for (std::size_t i = 0; i < std::min(exports.size(), kShown); ++i) {
    const Export& exported = resolved.exported(exports[i]);
    for (const Port& port : *exported.ports) {
      if (port.number.given() && *port.number == number)
        report.note(port.number.span, fmt::format("export \"{}\" has it here", *exported.name));
    }
  }
}

/// By cluster: TCP ports, and the hosts on them for which no address is allocated there.
using PortUsers = std::vector<std::unordered_map<int, std::vector<ExportId>>>;

/// Where DNS is captured Istio allocates an address for each host.
PortUsers hosts_without_address(const ResolvedFederation& resolved) {
  PortUsers users(resolved.clusters.size());
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo& info) {
    const bool own_host = info.naming == Naming::global && exported.vip.state == model::State::absent;
    for (const Port& port : *exported.ports) {
      if (!port.number.given() || !is_opaque(port)) continue;
      for (const ClusterId cluster : concerned(info)) {
        if (!own_host && !resolved.has_aliases(cluster, id)) continue;
        const auto& capture = resolved.clusters[cluster].settings.dns_capture;
        if (*capture || capture.bad()) continue;
        std::vector<ExportId>& hosts = users[cluster][*port.number];
        if (hosts.empty() || hosts.back() != id) hosts.push_back(id);
      }
    }
  });
  return users;
}

/// MF0423: hosts that share a TCP port have addresses by which they differ.
void report_shared_port(const ResolvedFederation& resolved, ClusterId cluster, int port,
                        const std::vector<ExportId>& ids, diag::Sink& sink) {
  std::vector<std::string_view> hosts;
  for (const ExportId id : ids) hosts.push_back(resolved.exports[id].host);
  diag::Report& report = sink.report(resolved.cluster(cluster).name.span, diag::TcpWithoutVip,
                                     *resolved.cluster(cluster).name, port, hosts.size(), base::join(hosts, ", ", 5));
  report.about_cluster(cluster);
  if (sink.wants_detail()) note_ports(resolved, ids, port, report);
}

/// MF0434, MF0231: a host that is alone on a TCP port has an address, or it takes the port: a listener without address
/// gets what pods send to that port of any address that the mesh does not know. The team of a fragment cannot accept
/// that for others.
void report_taken_port(const ResolvedFederation& resolved, ClusterId cluster, int number, ExportId id,
                       diag::Sink& sink) {
  const Export& exported = resolved.exported(id);
  for (const Port& port : *exported.ports) {
    if (!port.number.given() || *port.number != number || !is_opaque(port)) continue;
    diag::Report& report = exported.fragment
                               ? sink.report(port.number.span, diag::FragmentTakesPort, *exported.name, number)
                               : sink.report(port.number.span, diag::TcpTakesPort, *exported.name, number)
                                     .about_export(id)
                                     .about_cluster(cluster);
    if (exported.vip.given())
      report.advise("set `dns_capture = true` for these clusters, or remove the aliases: `vip` is for the host alone");
    const auto& capture = resolved.clusters[cluster].settings.dns_capture;
    const Name& name = resolved.cluster(cluster).name;
    if (sink.wants_detail())
      report.note(capture.given() ? capture.span : name.span,
                  fmt::format("cluster \"{}\" does not capture DNS, so Istio allocates no address there", *name));
  }
}

void tcp_hosts_have_addresses(const ResolvedFederation& resolved, diag::Sink& sink) {
  const PortUsers users = hosts_without_address(resolved);
  for (ClusterId cluster = 0; cluster < users.size(); ++cluster) {
    for (const auto& [port, ids] : users[cluster]) {
      if (ids.size() > 1)
        report_shared_port(resolved, cluster, port, ids, sink);
      else
        report_taken_port(resolved, cluster, port, ids.front(), sink);
    }
  }
}

/// MF0427, MF0428: a port is none of those that Istio's proxies use themselves, neither for clients nor in the pods.
void ports_are_free(const ResolvedFederation& resolved, diag::Sink& sink) {
  each_export(resolved, [&](ExportId id, const Export& exported, const ExportInfo&) {
    const auto is_free = [&](const model::Value<int>& number) {
      if (!number.given()) return;
      if (const std::string_view use = bound_by_proxy(*number); !use.empty()) {
        sink.report(number.span, diag::ReservedPort, *number, use);
      } else if (in_proxy_range(*number)) {
        sink.report(number.span, diag::SuspiciousPort, *number).about_export(id);
      }
    };
    for (const Port& port : *exported.ports) {
      is_free(port.number);
      is_free(port.target);
    }
    for (const model::Place& place : exported.at) {
      for (const auto& [port, target] : *place.targets) is_free(target);
    }
  });
}

}  // namespace

void check_ports(const ResolvedFederation& resolved, diag::Sink& sink) {
  port_numbers_are_unique(resolved, sink);
  port_names_are_unique(resolved, sink);
  ports_have_protocols(resolved, sink);
  tcp_hosts_have_addresses(resolved, sink);
  ports_are_free(resolved, sink);
}

}  // namespace meshfed::check

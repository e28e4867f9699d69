#include "discover/discover.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace meshfed::discover {
namespace {

using Lines = std::vector<std::string>;

std::string service(const std::string& name, const std::string& spec, const std::string& ns = "shop") {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + ns +
         ", labels: {shared: \"yes\"}}\nspec: {" + spec + "}\n";
}

const std::string kWeb = "selector: {app: web}, ports: [{name: http, port: 80}]";

std::string deployment(const std::string& account) {
  return "kind: Deployment\nmetadata: {name: d, namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: "
         "web}}\n    spec: "
         "{serviceAccountName: " +
         account + ", containers: [{ports: [{name: main, containerPort: 8080}]}]}\n";
}

struct Search1 {
  source::Manager files;
  diag::Sink sink;
  std::vector<Objects> objects;
  std::vector<model::Export> found;

  explicit Search1(const std::vector<std::string>& texts, const Lines& set = {}, std::size_t tables = 1) {
    for (const std::string& text : texts)
      objects.push_back(read_objects(files, files.add(fmt::format("{}.yaml", objects.size()), text), sink));
    std::vector<model::Discovery> all(tables);
    std::vector<Search> searches;
    for (std::size_t i = 0; i < tables; ++i) {
      all[i].name = {fmt::format("t{}", i), {}};
      all[i].selector = {{{model::Name{"shared", {}}, model::Name{"yes", {}}}}, {}};
      all[i].at = {{model::Name{"west", {}}}, {}};
      Search search{&all[i], {}};
      for (const Objects& one : objects) search.manifests.push_back(&one);
      searches.push_back(search);
    }
    const auto is_set = [&](std::string_view name, std::string_view key) {
      return std::find(set.begin(), set.end(), fmt::format("{}.{}", name, key)) != set.end();
    };
    found = find_exports(files, searches, is_set, sink);
  }

  Lines reports() {
    sink.finish();
    Lines lines;
    for (const diag::Report& report : sink.reports())
      lines.push_back(fmt::format("{} {}", diag::code_text(report.row->code),
                                  report.span.known() ? files.text(report.span) : std::string_view()));
    return lines;
  }
};

Lines doubts(const model::Export& exported) {
  constexpr const char* kNames[] = {"no_selector", "headless", "port_left_out", "several_accounts"};
  Lines lines;
  for (const model::Doubt& doubt : exported.discovered->doubts) lines.push_back(kNames[static_cast<int>(doubt.kind)]);
  return lines;
}

TEST_CASE("discover: an export has what its Service and its workloads say") {
  Search1 search(
      {service("web", "selector: {app: web}, ports: [{name: http, port: 80, targetPort: main}]"), deployment("clerk")});
  CHECK(search.reports().empty());
  REQUIRE(search.found.size() == 1);
  const model::Export& web = search.found[0];
  CHECK(*web.name == "web");
  CHECK(*web.namespace_ == "shop");
  CHECK(*web.naming == model::Naming::service);
  CHECK(*web.from->at(0) == "west");
  CHECK(*web.selector->at(0).first == "app");
  CHECK(*web.ports->at(0).number == 80);
  CHECK(*web.ports->at(0).target == 8080);
  CHECK(*web.ports->at(0).protocol == model::Protocol::http);
  CHECK(*web.service_accounts->at(0) == "clerk");
  CHECK(search.files.text(web.name.span) == "web");
  CHECK(web.discovered->table == "t0");
  CHECK(doubts(web).empty());
}

TEST_CASE("discover: protocols are those that istiod sees") {
  const std::pair<const char*, model::Protocol> kCases[] = {
      {"name: http-web, port: 1", model::Protocol::http},
      {"name: HTTP2-x, port: 1", model::Protocol::http2},
      {"name: grpc-web-x, port: 1", model::Protocol::grpc_web},
      {"name: http, appProtocol: tcp, port: 1", model::Protocol::tcp},
      {"name: x, appProtocol: kubernetes.io/h2c, port: 1", model::Protocol::http2},
      {"name: x, appProtocol: kubernetes.io/ws, port: 1", model::Protocol::http},
      {"name: x, port: 3306", model::Protocol::tcp},
      {"appProtocol: https, port: 1", model::Protocol::https}};
  for (const auto& [port, protocol] : kCases) {
    CAPTURE(port);
    Search1 search({service("web", fmt::format("selector: {{app: web}}, ports: [{{{}}}]", port))});
    CHECK(search.reports().empty());
    CHECK(*search.found.at(0).ports->at(0).protocol == protocol);
  }
  CHECK(Search1({service("web", "selector: {app: web}, ports: [{name: web, port: 1}]")}).reports() ==
        Lines{"MF0452 web"});
  CHECK(
      Search1({service("web", "selector: {app: web}, ports: [{name: http, appProtocol: kafka, port: 1}]")}).reports() ==
      Lines{"MF0452 kafka"});
  CHECK(Search1({service("web", "selector: {app: web}, ports: [{port: 81}]")}).reports() == Lines{"MF0452 81"});
  CHECK(Search1({service("web", "selector: {app: web}, ports: [{port: 81}]")}, {"web.ports"}).reports().empty());
}

TEST_CASE("discover: Services that nothing of ours reaches") {
  const auto reports = [](const std::string& spec) { return Search1({service("web", spec)}).reports(); };
  CHECK(reports("type: ExternalName, externalName: x.example") == Lines{"MF0495 ExternalName"});
  CHECK(reports("selector: {app: web}") == Lines{"MF0495 web"});
  CHECK(reports("selector: {app: web}, ports: [{name: dns, port: 53, protocol: UDP}]") == Lines{"MF0495 web"});
  CHECK(reports("selector: {app: web}, ports: [{name: http, port: x}]") == Lines{"MF0499 x"});
  CHECK(reports("selector: {app: web}, ports: {}") == Lines{"MF0499 {"});
  CHECK(reports("selector: {app: web}, ports: [{name: http, port: 80, targetPort: {}}]") == Lines{"MF0499 {"});
  CHECK(reports("selector: {app: 7}, ports: [{name: http, port: 80}]") == Lines{"MF0499 7"});
}

TEST_CASE("discover: named target ports have numbers where these are needed") {
  const std::string named = "selector: {app: web}, ports: [{name: http, port: 80, targetPort: main}]";
  Search1 unknown({service("web", named)});
  CHECK(unknown.reports().empty());
  CHECK(unknown.found.at(0).ports->at(0).target.state == model::State::absent);
  CHECK(Search1({service("web", named)}, {"web.naming"}).reports() == Lines{"MF0453 main"});
  CHECK(Search1({service("web", named)}, {"web.callers"}).reports() == Lines{"MF0453 main"});
  CHECK(Search1({service("web", named), deployment("a")}, {"web.callers"}).reports().empty());
}

TEST_CASE("discover: what may be meant otherwise is noted") {
  const auto noted = [](const std::string& spec, const Lines& set = {}) {
    Search1 search({service("web", spec), deployment("a"), deployment("b")}, set);
    CHECK(search.reports().empty());
    return doubts(search.found.at(0));
  };
  CHECK(noted("ports: [{name: http, port: 80}]") == Lines{"no_selector"});
  CHECK(noted("clusterIP: None, selector: {app: x}, ports: [{name: http, port: 80}]") == Lines{"headless"});
  CHECK(noted("selector: {app: x}, ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]") ==
        Lines{"port_left_out"});
  CHECK(noted(kWeb) == Lines{"several_accounts"});
  CHECK(noted(kWeb, {"web.service_accounts"}).empty());
  CHECK(noted(kWeb, {"web.naming"}).empty());
}

TEST_CASE("discover: one export has one Service") {
  CHECK(Search1({service("web", kWeb), service("web", kWeb, "blog")}).reports() == Lines{"MF0493 web"});
  CHECK(Search1({service("web", kWeb) + "---\n" + service("web", kWeb)}).reports() == Lines{"MF0455 web"});
  CHECK(Search1({service("web", kWeb)}, {}, 2).reports() == Lines{"MF0456 web"});
}

TEST_CASE("discover: labels that find nothing, or are no strings") {
  CHECK(Search1({"a: 1\n"}).reports().size() == 1);
  CHECK(
      Search1({"apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop, labels: {shared: yes}}\nspec: {" +
               kWeb + "}\n"})
          .reports() == Lines{"MF0499 yes"});
  CHECK(Search1(
            {"apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {shared: \"yes\"}}\nspec: {" + kWeb + "}\n"})
            .reports() == Lines{"MF0494 web"});
}

TEST_CASE("discover: the digest is that of what was found, wherever it is written") {
  const auto digest = [](const std::vector<std::string>& texts) { return Search1(texts).found.at(0).digest; };
  const std::string web = service("web", kWeb);
  CHECK(digest({web}) == digest({"# moved\n\n" + web, service("x", kWeb)}));
  CHECK(digest({web}) != digest({service("web", "selector: {app: web}, ports: [{name: http, port: 81}]")}));
  CHECK(digest({web}) != digest({web, deployment("clerk")}));
}

}  // namespace
}  // namespace meshfed::discover

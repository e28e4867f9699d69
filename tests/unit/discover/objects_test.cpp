#include "discover/objects.hpp"

#include <doctest/doctest.h>

#include "discover/workloads.hpp"

namespace meshfed::discover {
namespace {

struct Read {
  source::Manager files;
  diag::Sink sink;
  Objects objects;

  explicit Read(const std::string& text) { objects = read_objects(files, files.add("a.yaml", text), sink); }
};

std::string deployment(const std::string& labels, const std::string& account, const std::string& more = "") {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: shop}\nspec:\n  template:\n    "
         "metadata: {labels: {" +
         labels + "}}\n    spec: {" + (account.empty() ? "" : "serviceAccountName: " + account + ", ") +
         "containers: [{" + more + "}]}\n";
}

model::Labels labels(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  model::Labels all{{}, {}};
  for (const auto& [key, value] : pairs) all.value.emplace_back(model::Name(key), model::Name(value));
  return all;
}

TEST_CASE("objects: Services of the core API, of lists and documents, and nothing else") {
  const Read read(
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service}\n- {kind: List, items: [{apiVersion: v1, "
      "kind: Service}]}\n"
      "---\napiVersion: serving.knative.dev/v1\nkind: Service\n---\n# nothing\n---\njust text\n---\n[1, 2]\n---\nkind: "
      "ServiceList\nitems: 7\n"
      "---\n{apiVersion: v1, kind: Service}\n");
  CHECK(read.sink.empty());
  CHECK(read.objects.services.size() == 3);
}

TEST_CASE("objects: whatever has a pod template is a workload") {
  const Read read(
      deployment("app: web", "clerk") +
      "---\n{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {app: p}}, spec: {containers: []}}\n"
      "---\n{kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}}\n"
      "---\n{kind: Rollout, metadata: {name: r}, spec: {template: {spec: {containers: []}}}}\n"
      "---\n{kind: Certificate, metadata: {name: x}, spec: {template: {metadata: {labels: {app: web}}}}}\n");
  REQUIRE(read.objects.workloads.size() == 4);
  CHECK(*read.objects.workloads[0].account == "clerk");
  CHECK(read.objects.workloads[0].ns == "shop");
  CHECK(*read.objects.workloads[1].account == "default");
  CHECK(read.objects.workloads[1].labels.size() == 1);
}

TEST_CASE("objects: the pods behind a selector have all of its labels, in its namespace") {
  const Read read(deployment("app: web, tier: front", "a", "ports: [{name: http, containerPort: 8080}]") + "---\n" +
                  deployment("app: web, tier: back", "b", "ports: [{name: http, containerPort: 9090}]") + "---\n" +
                  deployment("app: other", "c"));
  Workloads workloads({&read.objects}, "");
  CHECK(workloads.behind("shop", labels({{"app", "web"}})).accounts.size() == 2);
  CHECK_FALSE(workloads.behind("shop", labels({{"app", "web"}})).ports.at("http"));
  const Pods& front = workloads.behind("shop", labels({{"app", "web"}, {"tier", "front"}}));
  REQUIRE(front.accounts.size() == 1);
  CHECK(*front.accounts[0] == "a");
  CHECK(front.ports.at("http") == 8080);
  CHECK_FALSE(workloads.behind("blog", labels({{"app", "web"}})).any);
  CHECK_FALSE(workloads.behind("shop", labels({{"app", "web"}, {"x", "y"}})).any);
}

TEST_CASE("objects: templates are told from other mistakes") {
  const Read rendered("a: |\n  {{ .Values.x }}\n");
  CHECK(rendered.sink.empty());
  const Read chart("a: {{ .Values.x }}\n");
  REQUIRE(chart.sink.reports().size() == 1);
  CHECK(chart.sink.reports()[0].row == &diag::ManifestTemplate.kRow);
  CHECK(chart.files.text(chart.sink.reports()[0].span) == "{{ .Values.x }}");
  const Read broken("a: [1\n");
  REQUIRE(broken.sink.reports().size() == 1);
  CHECK(broken.sink.reports()[0].row == &diag::InvalidManifest.kRow);
  CHECK_FALSE(broken.objects.readable);
}

}  // namespace
}  // namespace meshfed::discover

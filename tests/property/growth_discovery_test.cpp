// The same of manifests in which exports are found.
#include "property/growing.hpp"

namespace meshfed::testing {
namespace {

const std::string kDiscover =
    "[discover.shop]\nmanifests = [\"k8s/**\"]\nselector = { shared = \"yes\" }\nat = [\"east-1\"]\nto = [\"west-1\"]\n"
    "naming = \"global\"\n";

std::string service(std::size_t i, const std::string& selector, const std::string& ports = "[{name: http, port: 80}]") {
  return fmt::format(
      "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{}, namespace: shop, labels: {{shared: \"yes\"}}}}\n"
      "spec: {{selector: {}, ports: {}}}\n",
      i, selector, ports);
}

std::string deployment(std::size_t i, const std::string& labels) {
  return fmt::format(
      "---\nkind: Deployment\nmetadata: {{name: d{0}, namespace: shop}}\nspec: {{template: {{metadata: {{labels: "
      "{1}}}, "
      "spec: {{serviceAccountName: a{0}, containers: [{{ports: [{{name: main, containerPort: 8080}}]}}]}}}}}}\n",
      i, labels);
}

Files manifests(const std::string& one, const std::string& tables = kDiscover) {
  Files files = Small{.exported = kOrders, .tables = tables};
  files["k8s/all.yaml"] = one;
  return files;
}

// clang-format off
const std::vector<Growing> kFound = {
    {"Services that are found, each in its file with its workload", 400, [](std::size_t n) {
       Files files = Small{.exported = kOrders, .tables = kDiscover};
       for (std::size_t i = 0; i < n; ++i)
         files[fmt::format("k8s/{}/all.yaml", i)] = service(i, fmt::format("{{app: s{}}}", i)) + deployment(i, fmt::format("{{app: s{}}}", i));
       return files;
     }},
    {"Services and workloads of the same labels", 400, [](std::size_t n) {
       return manifests(repeat(n, [](std::size_t i) { return service(i, "{app: one}"); }) + deployment(0, "{app: one}"));
     }},
    {"workloads of one Service", 400, [](std::size_t n) {
       return manifests(service(0, "{app: one}") + repeat(n, [](std::size_t i) { return deployment(i, "{app: one}"); }));
     }},
    {"Services that are not found", 400, [](std::size_t n) {
       return manifests(service(0, "{app: one}") + repeat(n, [](std::size_t i) { return fmt::format("---\napiVersion: v1\nkind: Service\nmetadata: {{name: x{}}}\n", i); }));
     }},
    {"tables that discover", 240, [](std::size_t n) {
       Files files = Small{.exported = kOrders, .tables = repeat(n, [](std::size_t i) {
         return fmt::format("[discover.t{0}]\nmanifests = [\"k8s/{0}/*\"]\nselector = {{ shared = \"yes\" }}\nat = [\"east-1\"]\nto = [\"west-1\"]\nnaming = \"global\"\n", i);
       })};
       for (std::size_t i = 0; i < n; ++i) files[fmt::format("k8s/{}/all.yaml", i)] = service(i, fmt::format("{{app: s{}}}", i));
       return files;
     }},
    {"tables that override what is found", 400, [](std::size_t n) {
       return manifests(repeat(n, [](std::size_t i) { return service(i, fmt::format("{{app: s{}}}", i)); }),
                        kDiscover + repeat(n, [](std::size_t i) { return fmt::format("[export.s{}]\nservice_accounts = [\"a\"]\n", i); }));
     }},
    {"directories without manifests", 400, [](std::size_t n) {
       Files files = manifests(service(0, "{app: one}"));
       for (std::size_t i = 0; i < n; ++i) files[fmt::format("k8s/{}/readme.md", i)] = "text";
       return files;
     }},
    {"aliases", 400, [](std::size_t n) {
       return manifests("a: &a {k: v}\nb: [" + repeat(n, [](std::size_t) { return "*a, "; }) + "]\n" + service(0, "{app: one}"));
     }},
};

const std::vector<Growing> kNotFound = {
    {"Services of one name", 400, [](std::size_t n) {
       return manifests(repeat(n, [](std::size_t) { return service(0, "{app: one}"); }));
     }},
    {"Services that cannot be exported", 400, [](std::size_t n) {
       return manifests(repeat(n, [](std::size_t i) { return service(i, "{app: 7}", "[{name: x, port: x}, {name: y, port: 1, targetPort: z}]"); }));
     }},
    {"Services that share a wrong default", 400, [](std::size_t n) {
       return manifests(repeat(n, [](std::size_t i) { return service(i, "{app: one}"); }), kDiscover + "merge = [\"nobody\"]\ncallers = [\"nobody/*\"]\n");
     }},
    {"manifests that are templates", 400, [](std::size_t n) {
       Files files = manifests("a: {{ .Values.x }}\n");
       for (std::size_t i = 0; i < n; ++i) files[fmt::format("k8s/{}.yaml", i)] = "a: {{ .Values.x }}\n";
       return files;
     }},
    {"manifests, by patterns that match nothing", 240, [](std::size_t n) {
       return Files(Small{.exported = kOrders, .tables = "[discover.shop]\n" + list("manifests", n, "x/{}/*.yaml") + "selector = { a = \"b\" }\nat = [\"east-1\"]\n"});
     }},
};
// clang-format on

TEST_CASE("growth: manifests cost in proportion to their size") { check_right(kFound); }

TEST_CASE("growth: manifests with mistakes cost in proportion to their size") {
  for (const Growing& growing : kNotFound) check_growth(growing);
}

TEST_CASE("growth: what is printed about manifests is bounded") { check_bounded(kNotFound); }

}  // namespace
}  // namespace meshfed::testing

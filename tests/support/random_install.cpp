// How istiods are installed, and whose certificates the meshes accept.
#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "support/random_certificates.hpp"
#include "support/random_draft.hpp"

namespace meshfed::testing {
namespace {

/// A version of Istio 1 as it is written.
struct Version {
  int minor = 0;
  std::string patch;  // empty: a minor version

  bool exact() const { return !patch.empty(); }
  std::string text(char separator = '.') const { return fmt::format("1{0}{1}{0}{2}", separator, minor, patch); }
};

Version version_of(const std::string& text) {
  Version version;
  const std::size_t minor = text.find('.') + 1, patch = text.find('.', minor);
  version.minor = std::atoi(text.c_str() + minor);
  if (patch != std::string::npos) version.patch = text.substr(patch + 1);
  return version;
}

/// Who installs an istiod; nobody if empty.
struct Choice {
  std::string by, apply = {}, update = {};

  bool empty() const { return by.empty() || by == "none"; }
};

std::string written(const Choice& choice) {
  if (choice.apply.empty() && choice.update.empty()) return fmt::format("install = \"{}\"", choice.by);
  const bool applied = !choice.apply.empty();
  return fmt::format("install = {{ by = \"{}\", {} = \"{}\" }}", choice.by, applied ? "apply" : "update",
                     applied ? choice.apply : choice.update);
}

/// Draws from numbers of its own, so that all else which a seed makes stays what it is without this.
class Installation {
 public:
  Installation(Draft& draft, std::uint64_t seed) : draft_(draft), random_(seed ^ 0x157a11) {}

  void run() {
    if (random_.chance(25)) return;
    trust();
    if (random_.chance(40)) choice_of_[""] = say_installer("defaults");
    for (const DraftMesh& mesh : draft_.meshes)
      if (random_.chance(25)) choice_of_[mesh.name] = say_installer("mesh." + mesh.name);
    for (const DraftCluster& cluster : draft_.clusters) install(cluster);
  }

 private:
  TomlTable& table(const std::string& header) {
    return *std::ranges::find(draft_.result.tables, header, &TomlTable::header);
  }

  /// What a table says of a key, without quotes; empty if it does not.
  std::string said(const std::string& header, const std::string& key) {
    for (const std::string& one : table(header).lines)
      if (one.starts_with(key + " = \"")) return one.substr(key.size() + 4, one.size() - key.size() - 5);
    return "";
  }

  std::string inherited(const DraftCluster& cluster, const std::string& key) {
    for (const std::string& header :
         {cluster.table.header, "mesh." + draft_.meshes[cluster.mesh].name, std::string("defaults")}) {
      std::string text = said(header, key);
      if (!text.empty()) return text;
    }
    return "";
  }

  // --- certificates

  void trust() {
    roots_ = random_.chance(35);
    Strings lines;
    if (roots_ || random_.chance(30)) lines.push_back(fmt::format("mode = \"{}\"", roots_ ? "roots" : "shared-root"));
    // As aliases of the server's own domain, callers are named in all of them: more than the source says.
    const bool named = std::ranges::any_of(draft_.exports, [](const DraftExport& one) { return !one.callers.empty(); });
    if (random_.chance(40)) lines.push_back(fmt::format("domains = \"{}\"", named ? "distinct" : "aliases"));
    if (random_.chance(40)) lines.push_back("cacerts = " + cacerts(""));
    const bool certificates = roots_ || random_.chance(50);
    for (std::size_t id = 0; id < draft_.meshes.size(); ++id) {
      if (random_.chance(25)) say("mesh." + draft_.meshes[id].name, "cacerts = " + cacerts(draft_.meshes[id].name));
      if (certificates) certify(id);
    }
    if (!lines.empty()) draft_.table("trust").lines = std::move(lines);
  }

  void say(const std::string& header, std::string line) { table(header).lines.push_back(std::move(line)); }

  std::string cacerts(const std::string& mesh) {
    const std::string from = random_.pick<std::string>({"none", "external-secret", "cert-manager", "istio-csr"});
    object_of_[mesh] = from == "external-secret" || from == "cert-manager";
    if (from == "none") return "\"none\"";
    if (from == "external-secret")
      return fmt::format("{{ from = \"{}\", store = \"vault\"{} }}", from,
                         random_.chance(50) ? ", key = \"mesh/ca\"" : "");
    return fmt::format("{{ from = \"{}\", issuer = \"mesh-root\" }}", from);
  }

  /// What the certificates of a mesh may issue.
  std::string form(const DraftMesh& mesh) {
    if (random_.chance(50)) return "free";
    return mesh.trust_domain == "cluster.local" ? "default" : "own";
  }

  void name_file(std::size_t mesh, const std::string& key, const std::string& path, const std::string& name) {
    draft_.result.certificates[path] = certificate(name);
    say("mesh." + draft_.meshes[mesh].name, fmt::format("{} = \"{}\"", key, path));
  }

  /// Where roots are different, each mesh names its own: another one needs it.
  void certify(std::size_t id) {
    const std::string own = form(draft_.meshes[id]);
    const bool common = !roots_ || random_.chance(20);
    const std::string root = common ? "common" : fmt::format("root-{}-{}", id, own);
    const std::string below = common ? "common" : "root";
    if (roots_ || random_.chance(60))
      name_file(id, "root", common ? "certificates/common.pem" : fmt::format("certificates/root-{}.pem", id), root);
    if (random_.chance(60))
      name_file(id, "intermediate", fmt::format("certificates/authority-{}.pem", id),
                fmt::format("below-{}-{}-{}", below, id, own));
  }

  // --- installers

  /// Of a table above clusters: whatever fits most of them.
  Choice say_installer(const std::string& header) {
    Choice choice{random_.pick<std::string>({"helm", "istioctl", "sail", "none"})};
    if (choice.by == "helm" && random_.chance(40)) choice.apply = random_.pick<std::string>({"flux", "none"});
    if (choice.by == "sail" && random_.chance(40)) choice.update = "InPlace";
    say(header, written(choice));
    return choice;
  }

  Choice own_choice() {
    Choice choice{random_.pick<std::string>({"helm", "helm", "istioctl", "sail", "sail", "none"})};
    if (choice.by == "helm" && random_.chance(60)) choice.apply = random_.pick<std::string>({"argocd", "flux"});
    if (choice.by == "sail" && random_.chance(60))
      choice.update = random_.pick<std::string>({"InPlace", "RevisionBased"});
    return choice;
  }

  /// What the cluster inherits or says itself; where that does not fit, that nobody installs it.
  void install(const DraftCluster& cluster) {
    const std::string& mesh = draft_.meshes[cluster.mesh].name;
    Choice choice = choice_of_.contains(mesh) ? choice_of_[mesh] : choice_of_[""];
    const bool own = random_.chance(45);
    if (own) choice = own_choice();
    const bool refused = !choice.empty() && !fits(cluster, choice);
    if (refused) choice = {.by = "none"};
    if (own || refused) say(cluster.table.header, written(choice));
  }

  /// It does, perhaps with a key more: an exact version, the operator's name for a revision.
  bool fits(const DraftCluster& cluster, const Choice& choice) {
    const std::string& header = cluster.table.header;
    const std::string& mesh = draft_.meshes[cluster.mesh].name;
    Version version = version_of(inherited(cluster, "istio"));
    if (choice.by == "sail" && version.minor < 29) return false;
    if (choice.apply == "argocd" && (object_of_.contains(mesh) ? object_of_[mesh] : object_of_[""])) return false;
    if (!version.exact() && !said(header, "istio").empty()) return false;
    if (choice.update == "RevisionBased" && !said(header, "revision").empty()) return false;
    if (!version.exact()) {
      version.patch = std::to_string(random_.below(8));
      say(header, fmt::format("istio = \"{}\"", version.text()));
    }
    if (choice.update == "RevisionBased") say(header, fmt::format("revision = \"prod-v{}\"", version.text('-')));
    return true;
  }

  Draft& draft_;
  Random random_;
  bool roots_ = false;
  std::map<std::string, bool> object_of_;    // whether `cacerts` is an object, by mesh; "": of all others
  std::map<std::string, Choice> choice_of_;  // the same of installers
};

}  // namespace

void draft_installation(Draft& draft, std::uint64_t seed) { Installation(draft, seed).run(); }

}  // namespace meshfed::testing

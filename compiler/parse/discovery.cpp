#include "parse/discovery.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/pool.hpp"
#include "discover/discover.hpp"
#include "parse/binder.hpp"
#include "parse/formats.hpp"
#include "parse/load.hpp"
#include "parse/manifests.hpp"
#include "parse/secrets.hpp"
#include "syntax/document.hpp"

namespace meshfed::parse {
namespace {

using discover::Objects;
using model::Export;
using model::Name;
using model::State;
using syntax::Node;

/// One manifest on its own: nothing is shared with the others but the texts.
struct Part {
  source::FileId file = 0;
  Objects objects = {};
  diag::Sink sink = {};
};

void read_manifest(source::Manager& files, Part& part) {
  if (!syntax::text_is_readable(files, part.file, part.sink)) {
    part.objects.readable = false;
    return;
  }
  part.objects = discover::read_objects(files, part.file, part.sink);
  diag::Sink unseen;  // a Secret is no mistake among manifests, but no message is to show it
  mask_secrets(files, part.file, unseen);
}

void cannot_read(const ManifestFile& file, int error, std::size_t left, diag::Sink& sink) {
  if (error == EFBIG && left < kMaxFileBytes)
    sink.report(file.pattern, diag::SourcesTooLarge, file.shown, kMaxSourceBytes >> 20).advise("match fewer manifests");
  else if (error == EFBIG)
    sink.report(file.pattern, diag::FileTooLarge, file.shown, kMaxFileBytes >> 20)
        .advise("split the manifest, or let the pattern leave it out");
  else
    sink.report(file.pattern, diag::CannotRead, file.shown, std::strerror(error)).at(file.shown);
}

/// The texts of the files, by index; 0 where one could not be read.
std::vector<source::FileId> read_texts(base::Fs& fs, const std::vector<ManifestFile>& manifests, source::Manager& files,
                                       std::size_t& left, diag::Sink& sink) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::vector<source::FileId> ids;
  for (const ManifestFile& file : manifests) {
    auto text = fs.read_regular(file.canonical, std::min(kMaxFileBytes, left));
    if (!text.ok()) {
      cannot_read(file, text.error, left, sink);
      ids.push_back(0);
      if (text.error == EFBIG && left < kMaxFileBytes) break;
      continue;
    }
    left -= text.value.size();
    if (text.value.starts_with(kByteOrderMark)) text.value.erase(0, kByteOrderMark.size());
    ids.push_back(files.add(file.shown, std::move(text.value)));
  }
  return ids;
}

/// The keys that [export.*] of the main file sets, by name.
class Overrides {
 public:
  explicit Overrides(const Node* exports) {
    if (!exports || exports->kind != Node::Kind::table) return;
    for (const Node& table : exports->items) {
      for (const Node& item : table.items) keys_[table.key].insert(item.key);
    }
  }

  bool set(std::string_view name, std::string_view key) const {
    const auto found = keys_.find(name);
    return found != keys_.end() && found->second.contains(key);
  }

 private:
  std::unordered_map<std::string_view, std::unordered_set<std::string_view>> keys_;
};

/// Names that come from manifests have the same form as those of federation.toml.
class Forms {
 public:
  Forms(const Export& found, diag::Sink& sink) : found_(found), sink_(sink) {}

  void check(Name& name, Format format, std::string_view field) {
    if (!name.given()) return;
    const std::optional<FormatError> flaw = flaw_of(format, *name);
    if (!flaw) return;
    name.state = State::bad;
    if (const auto part = discover::template_in(*name))
      sink_.report(name.span, diag::ManifestTemplate, name->substr(part->first, part->second - part->first));
    else
      sink_.report(name.span, diag::BadManifestValue, field, *found_.name, "is not valid: " + flaw->text);
  }

 private:
  const Export& found_;
  diag::Sink& sink_;
};

void check_forms(Export& found, const Overrides& overrides, diag::Sink& sink) {
  Forms forms(found, sink);
  const auto ours = [&](std::string_view key) { return !overrides.set(*found.name, key); };
  forms.check(found.name, Format::dns_label, "metadata.name");
  if (ours("namespace")) forms.check(found.namespace_, Format::dns_label, "metadata.namespace");
  if (ours("ports")) {
    for (model::Port& port : found.ports.value) forms.check(port.name, Format::dns_label, "port name");
  }
  if (ours("service_accounts")) {
    for (Name& account : found.service_accounts.value)
      forms.check(account, Format::dns_subdomain, "serviceAccountName");
  }
  if (!ours("selector")) return;
  const std::size_t errors = sink.errors();
  for (auto& [key, value] : found.selector.value) {
    forms.check(key, Format::label_key, "selector");
    if (value.span.known()) forms.check(value, Format::label_value, "selector");
  }
  if (sink.errors() > errors) found.selector.state = State::bad;
}

}  // namespace

/// `canonical_name` takes the place of the labels, as `selector` would.
void Binder::begin_with_found(const Node& item, Export& entry) {
  if (!found_) return;
  const auto found = found_->exports.find(item.key);
  if (found == found_->exports.end()) return;
  entry = std::move(found->second);
  found_->exports.erase(found);
  if (item.find("canonical_name") && !item.find("selector")) entry.selector = {};
}

/// What was found says the keys that an export must have; what was not found because of a mistake could have.
bool Binder::may_lack(const Table& table, const void* object) const {
  if (!found_ || table.title != "[export.*]") return false;
  return !found_->complete || static_cast<const Export*>(object)->discovered.has_value();
}

FoundExports discover_exports(base::Fs& fs, const std::string& entry, const std::vector<model::Discovery>& tables,
                              const Node* exports, source::Manager& files, std::size_t& left, unsigned jobs,
                              diag::Sink& sink) {
  FoundExports result;
  if (tables.empty()) return result;
  Manifests manifests = find_manifests(fs, entry, tables, sink);
  if (manifests.files.size() > kMaxFragments) {
    sink.report(manifests.files[kMaxFragments].pattern, diag::TooManyManifests, manifests.files.size(), kMaxFragments);
    return {{}, false};
  }
  const std::vector<source::FileId> ids = read_texts(fs, manifests.files, files, left, sink);
  if (ids.size() < manifests.files.size()) return {{}, false};
  std::vector<Part> parts(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) parts[i].file = ids[i];
  base::for_each_index(parts.size(), jobs, [&](std::size_t i) {
    if (parts[i].file != 0)
      read_manifest(files, parts[i]);
    else
      parts[i].objects.readable = false;
  });
  for (Part& part : parts) sink.take(std::move(part.sink));

  const Overrides overrides(exports);
  std::vector<discover::Search> searches;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    discover::Search search{&tables[i], {}, manifests.complete[i]};
    for (const std::size_t file : manifests.of[i]) {
      search.manifests.push_back(&parts[file].objects);
      search.complete &= parts[file].objects.readable;
    }
    const bool understood = tables[i].selector.given() && tables[i].namespaces.usable();
    result.complete &= search.complete && understood;
    if (understood) searches.push_back(std::move(search));
  }
  const auto is_set = [&](std::string_view name, std::string_view key) { return overrides.set(name, key); };
  for (Export& found : discover::find_exports(files, searches, is_set, sink)) {
    check_forms(found, overrides, sink);
    std::string name = *found.name;
    result.exports.emplace(std::move(name), std::move(found));
  }
  return result;
}

}  // namespace meshfed::parse

#include "parse/load.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "base/closest.hpp"
#include "base/pool.hpp"
#include "base/sorted.hpp"
#include "parse/binder.hpp"
#include "parse/certificates.hpp"
#include "parse/digest.hpp"
#include "parse/discovery.hpp"
#include "parse/foreign.hpp"
#include "parse/include.hpp"
#include "parse/recover.hpp"
#include "parse/secrets.hpp"
#include "syntax/document.hpp"

namespace meshfed::parse {
namespace {

using model::Federation;
using syntax::Node;
using syntax::text_is_readable;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void cannot_read(const std::string& shown, int error, const source::Span& from, diag::Sink& sink) {
  if (error == EFBIG)
    sink.report(from, diag::FileTooLarge, shown, kMaxFileBytes >> 20).at(shown);
  else
    sink.report(from, diag::CannotRead, shown, std::strerror(error)).at(shown);
}

/// The tree of a text, if it is TOML.
std::optional<Node> parse_text(source::Manager& files, source::FileId file, diag::Sink& sink) {
  if (!text_is_readable(files, file, sink)) return std::nullopt;
  mask_secrets(files, file, sink);
  return read_document(files, file, sink);
}

source::FileId add_file(source::Manager& files, const std::string& shown, std::string text) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return files.add(shown, std::move(text));
}

/// A fragment says [export.*] and nothing else, and leaves names of hosts to the owner of the main file.
Node exports_only(Node document, diag::Sink& sink) {
  std::erase_if(document.items, [&](const Node& item) {
    if (item.key == "export") return false;
    if (item.key == "version")
      sink.report(item.key_span, diag::FragmentKey, item.key);
    else
      sink.report(item.key_span, diag::FragmentTable, item.key);
    return true;
  });
  const auto names_a_host = [&](const Node& item) {
    if (item.key != "host" && item.key != "alias") return false;
    sink.report(item.key_span, diag::FragmentKey, item.key);
    return true;
  };
  for (Node& exports : document.items) {
    for (Node& exported : exports.items) {
      std::erase_if(exported.items, names_a_host);
      for (Node& at : exported.items) {
        if (at.key != "at") continue;
        for (Node& place : at.items) std::erase_if(place.items, names_a_host);
      }
    }
  }
  return document;
}

void bind_fragment(const Node& document, const source::Manager& files, Federation& federation, diag::Sink& sink) {
  const Key& key = *find_key(root_table(), "export");
  Binder binder(files, sink);
  binder.survey(document, root_table());
  for (const Node& exports : document.items) {
    if (exports.kind == Node::Kind::table)
      binder.tables(exports, key, &federation);
    else
      binder.take(exports, key, root_table(), &federation);
  }
  for (model::Export& exported : federation.exports) exported.fragment = true;
}

template <class Item>
void sort_by_name(std::vector<Item>& items) {
  base::sort_large(items, [](const Item& a, const Item& b) { return *a.name < *b.name; });
}

void sort_views(std::vector<model::View>& views) {
  std::stable_sort(views.begin(), views.end(),
                   [](const model::View& a, const model::View& b) { return *a.network < *b.network; });
}

/// TOML sees to unique names within a file; two files can still declare one export.
void drop_declared_twice(std::vector<model::Export>& exports, diag::Sink& sink) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < exports.size(); ++i) {
    if (i > 0 && *exports[i].name == *exports[kept - 1].name && !exports[i].name.bad()) {
      sink.report(exports[i].name.span, diag::DeclaredTwice, *exports[i].name)
          .note(exports[kept - 1].name.span, "first declared here");
    } else {
      if (kept != i) exports[kept] = std::move(exports[i]);
      ++kept;
    }
  }
  exports.erase(exports.begin() + static_cast<std::ptrdiff_t>(kept), exports.end());
}

/// One fragment on its own: nothing is shared with the others but the texts.
struct Part {
  source::FileId file = 0;
  Federation federation = {};
  diag::Sink sink = {};
  bool complete = false;  // nothing in it could not be read, but for what is marked
};

void parse_fragment(source::Manager& files, Part& part) {
  if (std::optional<Node> document = parse_text(files, part.file, part.sink)) {
    part.complete = !document->incomplete;
    bind_fragment(exports_only(std::move(*document), part.sink), files, part.federation, part.sink);
  }
}

/// False if something of unknown kind was not read, or all files together are too large: then nothing is parsed.
bool load_fragments(base::Fs& fs, const std::string& entry, Federation& federation, source::Manager& files,
                    std::size_t& left, diag::Sink& sink, unsigned jobs) {
  std::vector<Part> parts;
  for (const Fragment& fragment : find_fragments(fs, entry, federation.include, sink)) {
    auto text = fs.read_regular(fragment.canonical, std::min(kMaxFileBytes, left));
    if (text.error == EFBIG && left < kMaxFileBytes) {
      sink.report(fragment.include, diag::SourcesTooLarge, fragment.shown, kMaxSourceBytes >> 20);
      return false;
    }
    if (!text.ok()) {
      cannot_read(fragment.shown, text.error, fragment.include, sink);
      continue;
    }
    left -= text.value.size();
    parts.push_back({add_file(files, fragment.shown, std::move(text.value))});
    federation.included.push_back({fragment.relative, parts.back().file, fragment.include});
  }
  base::for_each_index(parts.size(), jobs, [&](std::size_t i) { parse_fragment(files, parts[i]); });
  std::size_t count = federation.exports.size();
  for (const Part& part : parts) count += part.federation.exports.size();
  federation.exports.reserve(count);
  bool complete = true;
  for (Part& part : parts) {
    complete = complete && part.complete;
    std::move(part.federation.exports.begin(), part.federation.exports.end(), std::back_inserter(federation.exports));
    sink.take(std::move(part.sink));
    part = {};
  }
  return complete;
}

/// [discovery.shop]: reported later, as an unknown table, and too late to be searched.
bool is_misspelt_discover(const Node& item) {
  if (find_key(root_table(), item.key)) return false;
  const Foreign* row = find_foreign(root_table().title, item.key);
  constexpr std::size_t kFar = 3;
  return (row && row->ours == "discover") || base::edit_distance(item.key, "discover", kFar) <= kFar;
}

/// [discover.*] is read before all else, for what it finds may lack nothing that [export.*] of that name leaves out.
void bind_discoveries(Node& document, Binder& binder, Federation& federation) {
  const auto item =
      std::find_if(document.items.begin(), document.items.end(), [](const Node& one) { return one.key == "discover"; });
  if (item == document.items.end()) return;
  const Node discover = std::move(*item);
  document.items.erase(item);
  binder.take(discover, *find_key(root_table(), "discover"), root_table(), &federation);
  sort_by_name(federation.discoveries);
}

}  // namespace

std::optional<Federation> load(base::Fs& fs, const std::string& entry, source::Manager& files, diag::Sink& sink,
                               unsigned jobs) {
  auto text = fs.read_file(entry, kMaxFileBytes);
  if (!text.ok()) {
    cannot_read(entry, text.error, {}, sink);
    return std::nullopt;
  }
  const source::FileId file = add_file(files, entry, std::move(text.value));
  std::optional<Node> document = parse_text(files, file, sink);
  if (!document) return std::nullopt;
  Federation federation;
  federation.file = file;
  Binder binder(files, sink);
  binder.survey(*document, root_table());
  bind_discoveries(*document, binder, federation);
  std::size_t left = kMaxSourceBytes - files.text(file).size();
  FoundExports found =
      discover_exports(fs, entry, federation.discoveries, document->find("export"), files, left, jobs, sink);
  if (std::ranges::any_of(document->items, is_misspelt_discover)) found.complete = false;
  binder.complete(found);
  binder.table(*document, root_table(), &federation);
  for (auto& [name, exported] : found.exports) federation.exports.push_back(std::move(exported));
  std::erase_if(document->items, [](const Node& item) { return item.key == "export"; });
  federation.digest = digest_of(*document);
  const bool complete = load_fragments(fs, entry, federation, files, left, sink, jobs);
  if (!complete || !found.complete || document->incomplete) return std::nullopt;
  sort_by_name(federation.meshes);
  sort_by_name(federation.networks);
  sort_by_name(federation.clusters);
  for (model::Cluster& cluster : federation.clusters) {
    if (*cluster.gateway) sort_views(cluster.gateway.value->seen_from);
  }
  read_certificate_files(fs, entry, federation, sink);
  for (model::Export& exported : federation.exports) sort_by_name(exported.at);
  sort_by_name(federation.exports);
  sort_by_name(federation.fragments);
  drop_declared_twice(federation.exports, sink);
  return federation;
}

}  // namespace meshfed::parse

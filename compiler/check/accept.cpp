#include "check/accept.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace meshfed::check {
namespace {

using diag::Report;
using diag::Subject;
using model::Name;
using model::Names;
using model::ResolvedFederation;

/// One code in one `accept` list.
struct Entry {
  const Name* code = nullptr;
  const diag::Row* row = nullptr;
};

using List = std::vector<Entry>;
/// Where an entry stands: the exports that a table finds share one.
using Place = std::pair<source::FileId, std::uint32_t>;

class Accepts {
 public:
  Accepts(const ResolvedFederation& resolved, diag::Sink& sink) : resolved_(resolved), sink_(sink) {
    federation_ = read(resolved.federation.accept);
    defaults_ = read(resolved.federation.defaults.accept);
    unread_ = is_unread(resolved.federation.accept);
    unread_defaults_ = is_unread(resolved.federation.defaults.accept);
    for (const model::Mesh& mesh : resolved.federation.meshes) meshes_.push_back(read(mesh.settings.accept));
    for (const model::Cluster& cluster : resolved.federation.clusters)
      clusters_.push_back(read(cluster.settings.accept));
    for (std::uint32_t id = 0; id < resolved.federation.exports.size(); ++id) {
      if (resolved.exported(id).accept.given()) exports_.emplace(id, read(resolved.exported(id).accept));
    }
  }

  /// Marks every entry that names the report's code where the report is about; all of them count as used. A list that
  /// could not be read may have named every code of a rule.
  bool silence(const Report& report) {
    constexpr std::uint16_t kFirstRule = 300;
    bool silenced = mark(federation_, report);
    bool unread = unread_;
    const Subject& subject = report.subject;
    if (subject.exported != Subject::kNone) {
      unread |= resolved_.exported(subject.exported).accept.bad();
      const auto own = exports_.find(subject.exported);
      if (own != exports_.end()) silenced |= mark(own->second, report);
    }
    if (subject.cluster != Subject::kNone) {
      unread |= unread_defaults_ || resolved_.cluster(subject.cluster).settings.accept.bad();
      silenced |= mark(defaults_, report);
      silenced |= mark(clusters_[subject.cluster], report);
      const model::MeshId mesh = resolved_.clusters[subject.cluster].mesh;
      if (mesh != model::kNone) silenced |= mark(meshes_[mesh], report);
    }
    return silenced || (unread && report.row->code >= kFirstRule);
  }

  void report_useless() {
    report_useless(federation_);
    report_useless(defaults_);
    for (const List& list : meshes_) report_useless(list);
    for (const List& list : clusters_) report_useless(list);
    for (const auto& [id, list] : exports_) report_useless(list);
  }

 private:
  List read(const Names& codes) {
    List list;
    if (!codes.given()) return list;
    for (const Name& code : *codes) {
      if (!code.given()) continue;
      const diag::Row* row = diag::find_row(*code);
      if (!row) {
        sink_.report(code.span, diag::UnknownAcceptCode, *code);
      } else if (row->severity == diag::Severity::error) {
        sink_.report(code.span, diag::AcceptsError, *code);
      } else {
        list.push_back({&code, row});
      }
    }
    return list;
  }

  static bool is_unread(const Names& codes) {
    return codes.bad() || std::any_of(codes->begin(), codes->end(), [](const Name& code) { return code.bad(); });
  }

  bool mark(const List& list, const Report& report) {
    bool found = false;
    for (const Entry& entry : list) {
      if (entry.row->code != report.row->code) continue;
      used_.insert(place_of(entry));
      found = true;
    }
    return found;
  }

  static Place place_of(const Entry& entry) { return {entry.code->span.file, entry.code->span.begin}; }

  void report_useless(const List& list) {
    for (const Entry& entry : list) {
      if (!used_.contains(place_of(entry))) sink_.report(entry.code->span, diag::UselessAccept, **entry.code);
    }
  }

  const ResolvedFederation& resolved_;
  diag::Sink& sink_;
  bool unread_ = false;  // some of what is accepted everywhere could not be read
  bool unread_defaults_ = false;
  std::set<Place> used_;
  List federation_;
  List defaults_;
  std::vector<List> meshes_;
  std::vector<List> clusters_;
  std::unordered_map<std::uint32_t, List> exports_;  // only those that accept something; order is the sink's
};

}  // namespace

void apply_accepts(const ResolvedFederation& resolved, diag::Sink& sink) {
  Accepts accepts(resolved, sink);
  sink.drop_warnings([&](const Report& report) { return accepts.silence(report); });
  // What a rule could not look at because of an error may still warn once that is mended.
  if (sink.errors() == 0) accepts.report_useless();
}

}  // namespace meshfed::check

// What would change, as a value: the one structure that text, JSON and Markdown are printed from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diff/fields.hpp"
#include "yaml/value.hpp"

namespace meshfed::diff {

enum class Action { add, change, remove };

/// What a change may do to running traffic.
enum class Level {
  high,    // calls can fail, or more callers get through
  medium,  // calls go elsewhere, or are interrupted for a moment
  low      // worth knowing
};

struct Risk {
  std::string_view rule;  // a stable name: "host-removed"
  Level level = Level::low;
  std::string_view text;  // a sentence without a full stop

  bool operator==(const Risk&) const = default;
};

/// One object, in one cluster or with exactly the same change in several.
struct Change {
  Action action = Action::change;
  std::string id;                          // k8s::object_id
  yaml::Map document = {};                 // the whole object that is to come or to go; of a change, empty in the end
  std::vector<FieldChange> fields = {};    // only of a change
  std::vector<std::string> clusters = {};  // sorted
  std::vector<Risk> risks = {};            // in the order of the rules
  yaml::Map before = {};                   // only of a change: the whole object that was there; empty in the end
  bool moves = false;                      // one of this kind and name comes, or goes, in another namespace
};

struct Cluster {
  enum class State {
    kept,
    added,
    removed
  };  // added: nothing was published for it; removed: it is not declared any more
  enum class Lists { same, appear, vanish };  // kustomization.yaml files as a whole
  std::string name;
  State state = State::kept;
  Lists lists = Lists::same;
  std::size_t add = 0, change = 0, remove = 0, unchanged = 0;  // objects, and lists of files that were edited by hand
  bool installation = false;                                   // of its istiod, not of the federation's objects
  std::size_t files = 0;  // that a build would write or remove; there are some, too, where it would change no object
  std::vector<Risk> risks = {};

  bool differs() const { return objects_differ() || files > 0; }
  bool objects_differ() const { return add + change + remove > 0; }
};

/// How far a host's changes reach: the clusters where callers find it for the first time, find it otherwise than
/// before, or find it no more. Each sorted.
struct Host {
  std::string name;
  std::vector<std::string> appears;
  std::vector<std::string> changes;
  std::vector<std::string> disappears;
};

/// An export that [discover.*] finds now and that was none before, or the other way round.
struct Discovered {
  Action action = Action::add;  // never a change
  std::string name;
  std::string table;  // the NAME of [discover.NAME]
  std::string place;  // of the Service: "k8s/web.yaml:3", of a removed one as it was before
};

struct Difference {
  std::vector<Cluster> clusters;            // all that were compared, by name
  std::vector<Change> changes;              // by namespace, name and kind; what was done to a list of files is one, too
  std::vector<Host> hosts;                  // that differ, by name
  std::vector<Discovered> discovered = {};  // by name; only if the federation was read before and now

  bool empty() const;
};

/// "2 to add, 1 to change, 0 to remove in 3 clusters": objects, each counted in every cluster that it differs in. If
/// none differs, "no object differs, but 4 files in 2 clusters do", or that nothing does.
std::string summary(const Difference& difference);

std::string_view word(Action action);
std::string_view word(Level level);
std::string_view word(Cluster::State state);

}  // namespace meshfed::diff

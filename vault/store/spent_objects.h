// Objects of a vault of which nothing is used any more, because it was destroyed or placed anew (sealed_places.h): which
// they are, until when they are locked, and whether all that stays has another place.
//
//   spent    nothing of it is read. Its lock is not renewed; when it has ended the object is deleted (work/sweep.h)
//   shared   it holds bytes that are destroyed, and others that stay: an object that could not be read when these were to be
//            placed anew. Its lock is renewed, so that what stays is not lost
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "vault/store/object_log.h"

namespace exhibit::store {

// What is destroyed, by the entries that it is of. Ascending, each once.
struct DestroyedParts {
  std::vector<tlog::Sequence> files;    // sealed files that were shredded
  std::vector<tlog::Sequence> headers;  // headers that a reseal destroyed

  bool empty() const { return files.empty() && headers.empty(); }
  void Join(const DestroyedParts& more);
  void Without(const DestroyedParts& others);
  // "the sealed files of entries 5, 7-9 and earlier headers of entries 1-3"
  std::string Text() const;
};

struct SpentObject {
  NamedObject object;
  DestroyedParts holds;  // nothing where all of it was placed anew
};

struct Spent {
  std::vector<SpentObject> objects;               // by kind and id, as their names are
  std::vector<SpentObject> shared;                // likewise
  std::unordered_set<std::uint64_t> Ids() const;  // of `objects`
};
// As the log is under the newest signed head. Cost: a look at all places; no request.
Spent FindSpent(const ObjectLog& log);

// What there is of them in the bucket. Of many it looks at some, which are chosen anew each time.
struct SpentSeen {
  std::uint64_t objects = 0;  // that are spent
  std::uint64_t looked = 0;
  std::uint64_t there = 0;  // of these, and so on
  std::uint64_t gone = 0;
  std::uint64_t ended = 0;           // that are there, and their locks have ended: they can be deleted
  std::optional<Moment> until = {};  // when the last of the locks ends
  DestroyedParts holds = {};         // of all
};
// A request for each object that it looks at.
Result<SpentSeen> LookAtSpent(const ObjectLog& log);

// That everything in this object that was not destroyed is in another place, with the same bytes. What a commit says of
// places is not signed: nothing is deleted on its word. kTampered, naming the entry, where that is not so.
Result<void> CheckPlacedAnew(const ObjectLog& log, const NamedObject& object);

}  // namespace exhibit::store

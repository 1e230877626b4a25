// Where the sealed files of a vault on an object store lie, as its commits say: first, and after they were placed anew.
//
// What is under a lock is not overwritten. An entry that destroys something says so with its commit: rows of `sealed` whose
// `under` is that entry restate all that an item has from then on. So they say what is destroyed, and where the bytes are now
// that shared an object with it.
//
//   again = file *header        the rows of one item and one `under`, in this order; before them, if the entry `under` made a
//                               header for the item, the row of that one
//   file                        its sealed file: the same lengths and layout line as before, `header` 0 if that is destroyed;
//                               or nothing at all, all three lengths 0 and no layout line: it was shredded
//   header                      unless it was shredded: one for each earlier reseal entry that made one, ascending; as long
//                               as before, or 0 if that is destroyed
//
// Nothing that is destroyed comes back, and no length changes.
//
// An object whose bytes are all destroyed or placed anew is spent. Nobody reads it, `retain` does not renew its lock, and
// deletes it when the lock has ended (spent_objects.h).
//
// A commit that is not under a signed head yet may be anybody's: what it says of earlier items counts once it is
// (`acknowledged`). Not for several threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vault/store/commit_object.h"

namespace exhibit::store {

class SealedPlaces {
 public:
  struct Key {
    tlog::Sequence sequence;
    std::optional<tlog::Sequence> under = {};  // of a header that this reseal entry made anew
    auto operator<=>(const Key&) const = default;
  };

  // Whether the places of a commit fit those that are known: what does not fit, for people; empty if all do.
  std::string_view WhyNot(const CommitRecord& record) const;
  // REQUIRES: WhyNot says nothing.
  void Add(const CommitRecord& record);

  // Of what was destroyed, a place of no bytes; where the header alone was, the place says so. Nothing if there never was
  // one.
  std::optional<SealedPlace> Find(const Key& key, tlog::TreeSize acknowledged) const;

  // All that an item has, in the order in which rows restate it: its sealed file, then headers by reseal entry.
  struct Placed {
    Key key;
    SealedPlace place;
    bool operator==(const Placed&) const = default;
  };
  std::vector<Placed> Of(tlog::Sequence sequence, tlog::TreeSize acknowledged) const;

  // The places that a sealed file or header had, one after another, and the one that it has.
  struct History {
    Key key;
    std::vector<SealedPlace> before = {};
    SealedPlace now;
  };
  template <typename Visit>
  void ForEach(tlog::TreeSize acknowledged, Visit visit) const {
    for (const auto& [key, first] : first_) visit(HistoryOf(key, first, acknowledged));
  }

 private:
  struct Later {
    tlog::Sequence since;  // the entry with which it counts
    SealedPlace place;
  };
  History HistoryOf(const Key& key, const SealedPlace& first, tlog::TreeSize acknowledged) const;

  std::map<Key, SealedPlace> first_;
  std::map<Key, std::vector<Later>> later_;  // ascending
};

// Whether nothing is left of it.
inline bool IsDestroyed(const SealedPlace& place) { return place.bytes() == 0; }

}  // namespace exhibit::store

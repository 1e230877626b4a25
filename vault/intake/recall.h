// What a journal (intake/journal.h) remembers, and the destination confirms.
//
// The journal is synced before each group is committed, but not where a run begins with a group of one small item: most such
// runs end with it. A power cut soon after may then make `add --resume` take this one item in again.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "vault/intake/destination.h"
#include "vault/intake/journal.h"

namespace exhibit::intake {

// A sealed item that is about to be committed, and what its file was like.
struct Ready {
  store::Pending pending;
  custody::ItemFacts facts = {};
  std::optional<FileLook> look = {};
};

class Recall {
 public:
  // `journal` may be null: then nothing is remembered. Both must outlive this.
  Recall(Journal* journal, const Destination& destination) : journal_(journal), destination_(destination) {}

  // The entry in which the file is, as it looks now and with what is said of it.
  std::optional<tlog::Sequence> EntryOf(const FileLook& look) const;

  // Notes the group, which is committed next. For each, in order, an earlier item that has the same bytes, if it is known.
  // An error is the journal's: it remembers nothing from here on, and the group may be committed.
  Result<std::vector<std::optional<tlog::Sequence>>> NoteGroup(std::span<const Ready> group);
  // The group was committed from `first` on: somewhere else than noted where another writer's entries came before.
  Result<void> NoteCommitted(tlog::Sequence first);
  // Nothing more is added.
  void Settle();

 private:
  Result<void> PutNoted();
  std::optional<tlog::Sequence> Confirmed(const std::optional<Place>& place) const;

  Journal* journal_;
  const Destination& destination_;
  std::vector<Journal::Note> noted_;  // of the last group
  Lasting lasting_ = Lasting::kNow;   // how its notes are put
};

}  // namespace exhibit::intake

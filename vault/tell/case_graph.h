// Custody as CASE/UCO 1.4.0 in JSON-LD, which case-management programs read.
//
//   each item       a File, with its name, size, times and digests as far as they are told, and a ProvenanceRecord
//                   whose exhibit number is "<origin> <entry>"
//   each entry of   an InvestigativeAction: who (performer; of a hand-over the releaser, with the receiver as
//   it              participant), when, what, and after which action; its object is the record before it. A
//                   hand-over that was accepted results in a new record with the same root exhibit number
//   each person     a Person, and an Organization with a Relationship to it, by the fields of the entry that admitted the
//                   key; where those are not told, the Person is called by the key's handle
//   all             an Investigation of the cases
//
// Two exports of one vault use the same identifiers: "r:00000000002a" is the record of entry 42, where the prefix stands for
// the first 80 bits of a UUID, of the vault's fingerprint and of what a record is called (case_context.h). The context also
// says which names are whose and which texts are times, so that a node says nothing but itself: an item takes 1.1 KB.
//
// Nodes are written as they come. In memory are 24 bytes for each item, and 8 for each action.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "vault/base/canonical.h"
#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/custody/item_facts.h"
#include "vault/tell/people.h"

namespace exhibit::tell {

class CaseGraph {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;
  struct About {
    std::string fingerprint;  // hex
    std::string origin;
  };
  CaseGraph(About about, Sink sink) : about_(std::move(about)), sink_(std::move(sink)) {}

  Result<void> Begin();

  // An entry, in the order of the log. An item of `Add` has a node, and so has an act that names one of them, in public or
  // in the fields that are told. Others are read only for the names of people.
  struct Told {
    const custody::SignedEntry& entry;
    enum class As : std::uint8_t { kItem, kAct } as;
    const custody::FieldList* fields = nullptr;  // as far as they may be shown
  };
  Result<void> Add(const Told& told);

  Result<void> Finish();

 private:
  struct Exhibit {
    std::uint64_t item = 0;
    std::uint64_t last_action = 0;  // position of the entry
    std::uint64_t turn = 0;         // of its record: 0, and one more for each hand-over
  };
  std::string Id(const std::string& kind, const std::string& what) const;
  std::string RecordId(const Exhibit& exhibit) const;
  Result<void> Put(CanonicalWriter node);
  Result<std::string> Person(const custody::Actor& actor);
  Result<void> PutOrganization(const std::string& person, const std::string& name);
  Result<void> AddItem(const Told& told);
  Result<void> PutFile(tlog::Sequence item, const custody::ItemFacts& facts);
  Result<void> PutRecord(const Exhibit& exhibit, const std::string& description);
  Result<void> AddAct(const Told& told, const std::vector<Exhibit*>& items);
  Result<CanonicalWriter> ActionOf(const Told& told, const custody::Actor& performer);
  std::vector<Exhibit*> KnownAmong(const std::vector<custody::ItemSet::Range>& ranges);

  About about_;
  Sink sink_;
  bool empty_ = true;
  People people_;
  std::set<std::string> put_;           // ids of persons and organisations that have a node
  std::vector<Exhibit> exhibits_;       // by position
  std::vector<std::uint64_t> actions_;  // positions
  std::set<std::string> cases_;
};

}  // namespace exhibit::tell

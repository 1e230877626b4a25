// Custody as CASE/UCO 1.4.0 in JSON-LD, which case-management programs read.
//
//   each item       a File, with its name, size and digests if they may be shown, and a ProvenanceRecord
//                   whose exhibit number is "<origin> <entry>"
//   each entry of   an InvestigativeAction: who (performer; of a hand-over the releaser, with the receiver as
//   it              participant), when, what, and after which action; its object is the record before it. A
//                   hand-over that was accepted results in a new record with the same root exhibit number
//   each person     a Person, by the name with which the key was admitted
//   all             an Investigation of the case
//
// Identifiers are UUIDs of version 5, of the vault's fingerprint and the position in the log, so that two exports
// of one vault use the same identifiers. Nodes are written as they come; memory is a little for each item.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "vault/custody/entry.h"
#include "vault/custody/json_fields.h"
#include "vault/seal/metadata.h"

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

  // An entry, in the order of the log. An item of `Add` has a node, and so has an act that names one of them.
  // Others are read only for the names of people.
  struct Told {
    const custody::SignedEntry& entry;
    enum class As : std::uint8_t { kItem, kAct } as;
    const seal::Metadata* metadata = nullptr;  // of an item, if it may be shown
  };
  Result<void> Add(const Told& told);

  Result<void> Finish();

 private:
  struct ItemState {
    std::string last_action;  // ids
    std::string record;
    std::uint64_t records = 0;
  };
  std::string Id(const std::string& kind, const std::string& what) const;
  Result<void> Put(const Json& node);
  Result<std::string> Person(const std::string& actor);
  Result<void> AddItem(const Told& told);
  Result<Json> FileOf(const Told& told);
  Result<void> PutRecord(std::uint64_t item, ItemState& state, const std::string& description);
  Result<void> AddAct(const custody::SignedEntry& entry, const std::vector<std::uint64_t>& items);
  std::vector<std::uint64_t> KnownAmong(const custody::ItemSet& items) const;
  void Learn(const custody::Entry& entry);

  About about_;
  Sink sink_;
  bool empty_ = true;
  std::map<std::string, std::string> names_;  // by actor
  std::set<std::string> persons_;             // that have a node
  std::map<std::uint64_t, ItemState> items_;
  std::set<std::string> cases_;
  std::vector<std::string> objects_;  // of the investigation
};

// RFC 9562, section 5.5, in the namespace of URLs.
std::string UuidOfUrl(std::string_view url);

}  // namespace exhibit::tell

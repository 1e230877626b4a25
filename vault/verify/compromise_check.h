// Keys that others had too: which of their entries are proven to be older than that?
//
// An entry that retires a key, or replaces the log's keys, can say since when the old key was in other
// hands. From then on anybody may have signed with it. So each entry that it signed has one of three answers:
//
//   valid                  a witness or an authority whom the verifier believes saw the log with the entry in it
//                          before that time
//   valid only if before   nobody proves when it was made. No failure; the report names and counts it
//   invalid                it comes after a timestamp of that time or later: a finding
//
// A log key signs checkpoints, not entries. The head under the new key signs again whatever the old key
// signed. So its answer is up to which size others saw the log before that time, and nothing is invalid.
//
// The key of a custodian or a collector signs entries, and statements in the entries of others: both count.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vault/custody/state.h"
#include "vault/verify/report.h"

namespace exhibit::verify {

// Entries that stand one after the other.
struct EntryRun {
  tlog::Sequence first;
  std::uint64_t count = 0;
  std::uint64_t end() const { return first.value + count; }
};

// Which key signed which of the replayed entries: 16 bytes each time that the signer changes, so nothing that grows while
// one machine adds a million items.
class SignerNotes {
 public:
  // REQUIRES: in the order of the log.
  void Add(tlog::Sequence entry, const custody::Signers& signers);
  // Ascending.
  const std::vector<EntryRun>& By(const custody::Actor& actor) const;

 private:
  std::map<custody::Actor, std::vector<EntryRun>> by_;
};

// Adds an answer to report.compromised for each of `facts.compromises`, from what the report has by then:
// timestamps that hold, in the log and over the head, and when witnesses saw the log (report.seen). `first` is where the replay began; entries
// before it were not checked.
void JudgeCompromises(const custody::Facts& facts, const SignerNotes& signers, tlog::Sequence first, Report& report);

}  // namespace exhibit::verify

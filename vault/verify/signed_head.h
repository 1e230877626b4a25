// The head of a source: whose signature is on it, and whether the log that it signs extends what the verifier kept.
//
// Which key must have signed may be for the log itself to say, in an entry. So the head is opened with the keys
// that can be learned before the log is read, and looked at again with those that the replayed log names.
#pragma once

#include <optional>

#include "vault/verify/verifier.h"

namespace exhibit::verify {

class SignedHead {
 public:
  // Adds what it finds to `report`. All of them outlive this.
  SignedHead(const Source& source, const Options& options, Report& report)
      : source_(source), options_(options), report_(report) {}

  // False if nothing can be told from the head. Where no key that is known yet signed it, the log may be replayed
  // as far as the head claims.
  bool Open(const custody::SignedEntry& genesis);
  // None of the keys that could be learned signed it.
  bool is_claim() const { return is_claim_; }

  // Each kept checkpoint against the head. Gives the newest of those to resume from, which is then
  // report.resumed; null if there is none.
  const KeptCheckpoint* CompareKept();

  // With the keys that the replayed log names, whatever was learned before; and by the verifier's policy.
  void CheckSigner(const custody::LogKeys& replayed);

 private:
  void Find(Property property, std::string message) {
    report_.findings.push_back({property, {}, {}, {}, std::move(message)});
  }
  Result<tlog::Checkpoint> Claimed() const;
  // The kept checkpoint, if it is newer than the head, and there are those who can tell whether that is right.
  std::optional<tlog::Checkpoint> NewerThanHead(const KeptCheckpoint& kept) const;
  void CompareWithNewer(const tlog::Checkpoint& newer, const KeptCheckpoint& kept);
  bool Compare(const KeptCheckpoint& kept);

  const Source& source_;
  const Options& options_;
  Report& report_;
  Bytes note_;
  std::optional<custody::LogKeys> keys_;
  bool is_claim_ = false;
};

}  // namespace exhibit::verify

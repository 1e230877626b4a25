// The head of a source: which key signed it, and does its log extend the checkpoints that the verifier kept?
//
// The log itself says, in entries, which key must have signed it. So the head is opened with the keys
// that are known before the log is read, and checked again with those that the replayed log names.
#pragma once

#include <optional>

#include "vault/verify/verifier.h"

namespace exhibit::verify {

class SignedHead {
 public:
  // Adds findings to `report`. REQUIRES: the arguments outlive this.
  SignedHead(const Source& source, const Options& options, Report& report)
      : source_(source), options_(options), report_(report) {}

  // False if the head says nothing. If none of the keys that are known so far signed it, the log may be replayed
  // as far as the head claims.
  bool Open(const custody::SignedEntry& genesis);
  // True if none of the keys that are known so far signed it.
  bool is_claim() const { return is_claim_; }

  // Compares each kept checkpoint with the head. Returns the newest of those to resume from, which is then
  // report.resumed; null if there is none.
  const KeptCheckpoint* CompareKept();

  // Checks the head again, with the keys that the replayed log names and with the verifier's policy. Not to be called
  // where a part of the log needs a newer version, which may name other keys.
  void CheckSigner(const custody::LogKeys& replayed);

  // The same for a log of which a part needs a newer version: who signs the head is not judged. A head whose key is not
  // known is compared with the kept checkpoints up to `known`, because up to there the replayed log names their keys.
  void CompareUpTo(tlog::TreeSize known, const custody::LogKeys& replayed);

 private:
  void AddFinding(Property property, std::string message) {
    report_.findings.push_back({property, {}, {}, {}, std::move(message)});
  }
  static Result<tlog::Checkpoint> OnlyCheckpoint(Result<custody::LogKeys::Head> opened);
  Result<tlog::Checkpoint> Claimed() const;
  // The kept checkpoint, if it is newer than the head and `past` may know whether the head is its beginning.
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

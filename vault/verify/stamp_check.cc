#include "vault/verify/stamp_check.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/kept_check.h"

namespace exhibit::verify {
namespace {

// The checkpoint of the entry is an earlier state of this log.
Result<void> CheckStamped(const Source& source, const tlog::Checkpoint& head, const custody::Timestamped& body) {
  const auto* const noted = std::get_if<custody::NotedCheckpoint>(&body.stamped);
  if (noted == nullptr) return {};
  const tlog::Checkpoint& stamped = noted->checkpoint();
  TRY(const tlog::ProofHashes proof, tlog::ProveConsistency(source, stamped.size, head.size));
  if (tlog::CheckConsistency({stamped.size, stamped.root}, {head.size, head.root}, proof)) return {};
  return Fail(ErrorCode::kTampered, "the log does not extend the checkpoint that was stamped: " + Describe(stamped));
}

struct Looked {
  Moment claimed;
  std::optional<crypto::VerifiedTimestamp> holds;
  std::string untrusted;  // why not, if roots were given
};

Result<Looked> LookAt(const Source& source, const tlog::Checkpoint& head, tlog::Sequence at,
                      const custody::Stamp& stamp, const crypto::TimestampRoots* roots) {
  TRY(const custody::SignedEntry entry, ReadProven(source, {head.size, head.root}, at));
  const auto* const body = std::get_if<custody::Timestamped>(&entry.parsed().body);
  if (body == nullptr) return Fail(ErrorCode::kTampered, "is no timestamp now, and was one when the log was read");
  TRY_VOID(CheckStamped(source, head, *body));
  TRY(const auto token, crypto::TimestampToken::Parse(body->token));
  const crypto::TimestampDemands demands{stamp.imprint, {}, {}};
  Looked looked;
  TRY(looked.claimed, crypto::ReadClaimedTime(token, demands));
  if (roots == nullptr) return looked;
  auto verified = crypto::VerifyTimestamp(token, demands, *roots);
  if (verified) {
    looked.holds = std::move(*verified);
  } else {
    // Everything that needs no root was checked above; what is left depends on the token and these roots.
    looked.untrusted = verified.error().message;
  }
  return looked;
}

}  // namespace

void CheckStamps(const Source& source, const custody::State& state, const crypto::TimestampRoots* roots,
                 Report& report) {
  for (const auto& [at, stamp] : state.facts().stamps) {
    auto looked = LookAt(source, *report.head, at, stamp, roots);
    if (!looked) {
      report.findings.push_back({Property::kTimestamp, at, {}, {}, looked.error().message});
      continue;
    }
    if (!looked->untrusted.empty()) {
      report.remarks.push_back(Format("entry {}: this timestamp proves nothing to you: {}", at, looked->untrusted));
    }
    report.stamps.push_back({at, stamp.covers, looked->claimed, std::move(looked->holds)});
  }
}

}  // namespace exhibit::verify

#include "vault/verify/stamp_check.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/kept_check.h"

namespace exhibit::verify {
namespace {

// The checkpoint of the entry is an earlier state of this log.
Result<void> CheckStamped(const Source& source, const tlog::Checkpoint& head, const custody::Timestamped& body) {
  if (!body.checkpoint) return {};
  const tlog::Checkpoint& stamped = body.checkpoint->checkpoint();
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
                      const crypto::Sha256Digest& imprint, const crypto::TimestampRoots* roots) {
  TRY(const custody::SignedEntry entry, ReadProven(source, {head.size, head.root}, at));
  const auto* const body = std::get_if<custody::Timestamped>(&entry.parsed().body);
  if (body == nullptr) return Fail(ErrorCode::kTampered, "is no timestamp now, and was one when the log was read");
  TRY_VOID(CheckStamped(source, head, *body));
  TRY(const auto token, crypto::TimestampToken::Parse(body->token));
  const crypto::TimestampDemands demands{imprint, {}, {}};
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

std::vector<std::string> RenewalsDue(const std::vector<Stamped>& stamps, Moment now) {
  std::vector<std::string> due;
  for (const Stamped& stamp : stamps) {
    if (!stamp.holds || stamp.holds->chain_end >= AddYears(now, 1)) continue;
    const bool is_renewed =
        std::ranges::any_of(stamps, [&](const Stamped& other) { return other.holds && other.renews == stamp.entry; });
    if (is_renewed) continue;
    const bool has_ended = stamp.holds->chain_end < now;
    due.push_back(
        Format("entry {}: the certificates of this timestamp {} {}; {}: exhibit timestamp add --renew {} --tsa URL",
               stamp.entry, has_ended ? "ended" : "end", FormatTime(stamp.holds->chain_end),
               has_ended ? "it still holds, and should be renewed while their keys are secret" : "renew it before",
               stamp.entry));
  }
  return due;
}

void CheckStamps(const Source& source, const custody::State& state, const crypto::TimestampRoots* roots,
                 Report& report) {
  for (const auto& [at, stamp] : *state.facts().stamps) {
    if (!stamp.imprint) {  // the entry that it renews was not read, and that is a finding already
      report.remarks.push_back(Format("entry {}: what this timestamp is over is not known", at));
      continue;
    }
    auto looked = LookAt(source, *report.head, at, *stamp.imprint, roots);
    if (!looked) {
      report.findings.push_back({Property::kTimestamp, at, {}, {}, looked.error().message, {}, looked.error().code});
      continue;
    }
    if (!looked->untrusted.empty()) {
      report.remarks.push_back(Format("entry {}: this timestamp proves nothing to you: {}", at, looked->untrusted));
    }
    report.stamps.push_back({at, stamp.covers, stamp.renews, looked->claimed, std::move(looked->holds)});
  }
  for (std::string& due : RenewalsDue(report.stamps, Now())) report.remarks.push_back(std::move(due));
}

}  // namespace exhibit::verify

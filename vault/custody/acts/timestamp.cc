#include "vault/custody/acts/timestamp.h"

#include "vault/base/format.h"
#include "vault/crypto/timestamp_claim.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {

Result<void> Timestamped::CheckForm() const {
  if (checkpoint.has_value() == renews.has_value()) {
    return Fail(ErrorCode::kInvalid, "stamps neither \"checkpoint\" nor \"renews\", or both");
  }
  return token.size() <= kMaxTokenBytes ? Result<void>()
                                        : Fail(ErrorCode::kInvalid, "\"token\" is longer than 32,768 bytes");
}

Result<void> Timestamped::Check(const Judging& at) const {
  if (renews) {
    if (at.facts.stamps->contains(*renews)) return {};
    // A bundle may not tell it.
    if (*renews < at.entry.sequence && !at.facts.told->Has(renews->value)) return {};
    return Refused(NameOf(*renews) + " is no timestamp of this log");
  }
  TRY_VOID(at.facts.log_keys->Check(*checkpoint));
  const std::uint64_t size = checkpoint->checkpoint().size.value;
  if (size > 0 && size <= at.entry.sequence.value) return {};
  return Refused(Format("the stamped checkpoint of size {} is not one before this entry", size));
}

void Timestamped::Apply(Facts& facts, const Entry& entry) const {
  Stamp stamp{{}, renews, {}, crypto::Sha256(token), {}};
  if (checkpoint) {
    stamp.covers = checkpoint->checkpoint().size;
    stamp.imprint = crypto::Sha256(checkpoint->note());
    if (const auto claim = crypto::ReadTimestampClaim(token)) stamp.time = EntryTime{claim->seconds};
  } else if (const auto before = facts.stamps->find(*renews); before != facts.stamps->end()) {
    stamp.imprint = before->second.token;
  }
  facts.stamps.Change().emplace(entry.sequence, stamp);
}

}  // namespace exhibit::custody

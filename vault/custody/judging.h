// What an act is judged by: what the log brought about until here, and what is known of the entries that it names.
//
// One rule for the vault, which knows every earlier entry, and for a bundle, which has some of them: what is not at hand
// is not judged, and what is must fit.
#pragma once

#include <functional>

#include "vault/custody/collectors.h"
#include "vault/custody/entry.h"
#include "vault/custody/facts.h"
#include "vault/custody/field.h"

namespace exhibit::custody {

// The leaf hash of an earlier entry; nothing for one that is not at hand. For the leaves that a transfer's fields name.
using AskLeaf = std::function<Result<std::optional<tlog::LeafHash>>(tlog::Sequence)>;
// Whether an item with this number of this collector is in the log already. Missing where the whole log is replayed.
using AskCollected = std::function<Result<bool>(const CollectedNumber&)>;
// Whether an earlier entry is lost, and so which act it was. Missing where that is known of each entry as it comes.
using AskLost = std::function<Result<bool>(tlog::Sequence)>;
struct Ask {
  AskLeaf leaf = {};
  AskCollected collected = {};
  AskLost lost = {};
};

struct Judging {
  const Facts& facts;
  const Entry& entry;  // its sealed file may not be made yet, where a writer asks before it seals
  const Ask& ask;
  const FieldList* fields = nullptr;  // of the entry, where they are told
};

// The rules that concern one act: who signs it, the items that it names, and its own. kInvalid or kDenied naming the rule.
Result<void> CheckAct(const Judging& at);

// --- for the files of acts/ ---

inline Failure Refused(std::string message, std::string hint = {}) {
  return Fail(ErrorCode::kInvalid, std::move(message), std::move(hint));
}
inline Failure Denied(std::string message, std::string hint = {}) {
  return Fail(ErrorCode::kDenied, std::move(message), std::move(hint));
}
// kInvalid, naming the item, if one of them is shredded.
Result<void> CheckNotShredded(const Facts& facts, const ItemSet& items);
// A statement's origin and fingerprint are this vault's. `what`: "the receipt".
Result<void> CheckOfThisVault(const Facts& facts, const tlog::Origin& origin, const Fingerprint& fingerprint,
                              std::string_view what);
// A statement is in a log once.
Result<void> CheckUsedOnce(const Facts& facts, const StatementDigest& text, std::string_view what);
// The key may be admitted: it was never known to this log.
Result<void> CheckNewKey(const Facts& facts, const tlog::VerifierKey& key);
// The rules of admitting a custodian, who may be the first to have its person's number.
Result<void> CheckAdmission(const Facts& facts, const Custodian& custodian);
// A collector or custodian who is admitted, or who was.
Result<const Membership*> PresentCollector(const Facts& facts, const Actor& actor);
Result<const Membership*> EverCollector(const Facts& facts, const Actor& actor);

}  // namespace exhibit::custody

#include "vault/custody/signers.h"

#include <algorithm>

#include "vault/base/text.h"
#include "vault/custody/facts.h"

namespace exhibit::custody {
namespace {

using Keys = std::vector<tlog::VerifierKey>;

bool HadPlace(tlog::Sequence since, const std::optional<tlog::Sequence>& until, tlog::Sequence at) {
  return since < at && (!until || at <= *until);
}

// The key that `actor` names, if it was admitted there. It may sign the entry that ends its own admission.
Result<tlog::VerifierKey> KeyAt(const Facts& facts, const Actor& actor, tlog::Sequence at) {
  const Membership* const member = facts.Find(actor);
  if (member != nullptr && HadPlace(member->since, member->until, at)) return member->key;
  return Fail(ErrorCode::kDenied, "key " + Printable(actor.text()) + " was not admitted to this vault there");
}

Result<tlog::VerifierKey> RecoveryKeyAt(const Facts& facts, tlog::Sequence at) {
  const auto found = std::ranges::find_if(facts.recovery_keys,
                                          [&](const RecoveryKey& one) { return HadPlace(one.since, one.until, at); });
  if (found != facts.recovery_keys.end()) return found->key;
  return Fail(ErrorCode::kDenied, "no recovery key was in force there");
}

Result<Keys> EntrySigners(const Facts& facts, const Entry& entry) {
  if (const auto* const genesis = std::get_if<Genesis>(&entry.body)) return Keys{genesis->custodian.key};
  if (const auto* const recovery = std::get_if<Recovery>(&entry.body)) {
    TRY(tlog::VerifierKey key, RecoveryKeyAt(facts, entry.sequence));
    return Keys{std::move(key), recovery->brought_key()};
  }
  TRY(tlog::VerifierKey actor, KeyAt(facts, entry.actor, entry.sequence));
  Keys signers = {std::move(actor)};
  if (const auto* const rotate = std::get_if<Rotate>(&entry.body)) {
    signers.push_back(rotate->brought_key());
  } else if (entry.cosigner) {
    TRY(tlog::VerifierKey cosigner, KeyAt(facts, *entry.cosigner, entry.sequence));
    signers.push_back(std::move(cosigner));
  }
  if (const auto* const change = std::get_if<LogKeyChange>(&entry.body)) {
    // Up to this entry the old key signs the log's checkpoints.
    signers.push_back(facts.log_keys->For({entry.sequence.value}).ed25519);
    signers.push_back(change->log.ed25519);
  }
  return signers;
}

}  // namespace

Result<Signers> Signers::Of(const Facts& facts, const Entry& entry) {
  Signers signers;
  TRY(signers.entry_, EntrySigners(facts, entry));
  TRY(signers.statement_, std::visit(
                              [&]<typename Act>(const Act& act) -> Result<Keys> {
                                if constexpr (CarriesStatement<Act>) return act.StatementKeys(facts);
                                return Keys();
                              },
                              entry.body));
  return signers;
}

Result<void> CheckSignatures(const SignedEntry& entry, const Signers& signers) {
  TRY_VOID(entry.CheckSignatures(signers.of_entry()));
  return CheckStatement(entry.parsed().body, signers);
}

Result<void> CheckStatement(const EntryBody& body, const Signers& signers) {
  const ByteView note = StatementNoteOf(body);
  if (note.empty()) return {};
  auto checked = CheckExactSignatures(note, signers.of_statement());
  if (!checked) return Fail(std::move(checked).error().In("statement"));
  return {};
}

}  // namespace exhibit::custody

#include "vault/custody/signers.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/facts.h"

namespace exhibit::custody {
namespace {

using Keys = std::vector<tlog::VerifierKey>;

// The key that `actor` names, if it was admitted there. It may sign the entry that ends its own admission.
Result<tlog::VerifierKey> KeyAt(const Facts& facts, const std::string& actor, tlog::Sequence at) {
  const Membership* const member = facts.Find(actor);
  const bool had_place = member != nullptr && member->since < at && (!member->until || at <= *member->until);
  if (!had_place) {
    return Fail(ErrorCode::kDenied, Format("key {} was not admitted to this vault there", Printable(actor)));
  }
  return member->custodian.key;
}

Result<Keys> EntrySigners(const Facts& facts, const Entry& entry) {
  if (const auto* const genesis = std::get_if<Genesis>(&entry.body)) return Keys{genesis->custodian.key};
  TRY(tlog::VerifierKey actor, KeyAt(facts, entry.actor, entry.sequence));
  Keys signers = {std::move(actor)};
  if (const auto* const rotate = std::get_if<Rotate>(&entry.body)) {
    signers.push_back(rotate->key);
  } else if (const auto* const rotate_log = std::get_if<RotateLog>(&entry.body)) {
    // Up to this entry the old key signs the log's checkpoints.
    signers.push_back(facts.log_keys->For({entry.sequence.value}));
    signers.push_back(rotate_log->key);
  } else if (entry.cosigner) {
    TRY(tlog::VerifierKey cosigner, KeyAt(facts, *entry.cosigner, entry.sequence));
    signers.push_back(std::move(cosigner));
  }
  return signers;
}

struct StatementSigners {
  const Facts& facts;
  tlog::Sequence at;

  template <typename Body>
  Result<Keys> operator()(const Body& /*body*/) const {
    return Keys();
  }

  Result<Keys> operator()(const Item& body) const {
    if (!body.collected) return Keys();
    TRY(tlog::VerifierKey collector, KeyAt(facts, body.collected->statement().of.collector, at));
    return Keys{std::move(collector)};
  }
  Result<Keys> operator()(const Received& body) const { return Keys{body.receipt.receipt().received_by}; }
  Result<Keys> operator()(const Transfer& body) const {
    const Statement& statement = body.statement.statement();
    TRY(tlog::VerifierKey releaser, KeyAt(facts, statement.released_by, at));
    TRY(tlog::VerifierKey receiver, KeyAt(facts, statement.received_by, at));
    Keys signers = {std::move(releaser)};
    if (body.outcome == Transfer::Outcome::kAccepted) signers.push_back(std::move(receiver));
    return signers;
  }
};

struct StatementCheck {
  const Keys& keys;

  template <typename Body>
  Result<void> operator()(const Body& /*body*/) const {
    return {};
  }

  Result<void> operator()(const Item& body) const {
    return body.collected ? body.collected->CheckSignatures(keys) : Result<void>();
  }
  Result<void> operator()(const Received& body) const { return body.receipt.CheckSignatures(keys); }
  Result<void> operator()(const Transfer& body) const { return body.statement.CheckSignatures(keys); }
};

}  // namespace

Result<Signers> Signers::Of(const Facts& facts, const Entry& entry) {
  Signers signers;
  TRY(signers.entry_, EntrySigners(facts, entry));
  TRY(signers.statement_, std::visit(StatementSigners{facts, entry.sequence}, entry.body));
  return signers;
}

Result<void> CheckSignatures(const SignedEntry& entry, const Signers& signers) {
  TRY_VOID(entry.CheckSignatures(signers.of_entry()));
  return CheckStatement(entry.parsed().body, signers);
}

Result<void> CheckStatement(const EntryBody& body, const Signers& signers) {
  return std::visit(StatementCheck{signers.of_statement()}, body);
}

}  // namespace exhibit::custody

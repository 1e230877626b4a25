#include "vault/custody/facts.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

using tlog::NameOf;
std::string ItemName(std::uint64_t item) { return Format("item {}", item); }

Failure Denied(std::string message, std::string hint = {}) {
  return Fail(ErrorCode::kDenied, std::move(message), std::move(hint));
}
Failure Refused(std::string message) { return Fail(ErrorCode::kInvalid, std::move(message)); }

// Why a key may not act now.
Result<const Membership*> Present(const Facts& facts, const std::string& actor) {
  const Membership* const member = facts.Find(actor);
  if (member == nullptr) {
    return Denied(Format("key {} is not admitted to this vault", Printable(actor)),
                  "use a signing key that the vault knows (exhibit custodian list shows them)");
  }
  if (!member->until) return member;
  if (member->replaced_by) {
    return Denied(Format("key {} was replaced by {} in {}", Printable(actor), Printable(*member->replaced_by),
                         NameOf(*member->until)),
                  "use the new key: name its file with --key FILE or EXHIBIT_KEY");
  }
  return Denied(Format("key {} was retired in {}", Printable(actor), NameOf(*member->until)));
}

bool IsCustodian(const Membership& member) {
  return !member.until && std::ranges::find(member.custodian.roles, Role::kCustodian) != member.custodian.roles.end();
}

std::size_t CustodianCount(const Facts& facts) {
  return static_cast<std::size_t>(
      std::ranges::count_if(facts.custodians, [](const auto& row) { return IsCustodian(row.second); }));
}

// Compares the keys, not their names.
Result<void> CheckUnknown(const Facts& facts, const tlog::VerifierKey& key) {
  const std::string actor = ActorOf(key);
  for (const auto& [known, member] : facts.custodians) {
    if (known == actor || member.custodian.key.public_key() == key.public_key()) {
      return Refused(Format("key {} is known to this vault already{}", Printable(actor),
                            known == actor ? "" : ", as " + Printable(known)));
    }
  }
  return {};
}

Result<void> CheckNotShredded(const Facts& facts, const ItemSet& items) {
  for (const ItemSet::Range& range : items.ranges()) {
    const auto found = facts.shredded.lower_bound(range.first);
    if (found == facts.shredded.end() || found->first > range.last) continue;
    return Refused(Format("{} was shredded under {}", ItemName(found->first), NameOf(found->second)));
  }
  return {};
}

// --- who signs too ---

bool NeedsTwo(const Facts& facts, Act act) {
  if (CosignerOf(act) == Cosigner::kUnderRules) return !facts.needs_two.empty();
  return CosignerOf(act) == Cosigner::kWhereRuled &&
         std::ranges::find(facts.needs_two, TypeOf(act)) != facts.needs_two.end();
}

Result<void> CheckSecondCustodian(const Facts& facts, const Entry& entry, Act act) {
  const std::string word(ToText(act));
  if (!entry.cosigner) {
    if (!NeedsTwo(facts, act)) return {};
    return Denied(
        Format("the rule of this vault asks for two custodians to {}; {} is one", word, Printable(entry.actor)),
        "let another custodian sign too: --cosigner-key FILE");
  }
  if (*entry.cosigner == entry.actor) {
    return Denied("the cosigner must be another custodian than " + Printable(entry.actor));
  }
  return facts.MayAct(*entry.cosigner, act);
}

Result<void> CheckCosigner(const Facts& facts, const Entry& entry, Act act) {
  switch (CosignerOf(act)) {
    case Cosigner::kNobody:
    case Cosigner::kLogKeys:
      if (entry.cosigner) return Refused(Format("an entry that is to {} has no cosigner", ToText(act)));
      return {};
    case Cosigner::kNewKey: {
      const std::string key = ActorOf(std::get<Rotate>(entry.body).key);
      if (entry.cosigner && *entry.cosigner == key) return {};
      return Denied(Format("the new key {} must sign too, as the cosigner", Printable(key)));
    }
    case Cosigner::kWhereRuled:
    case Cosigner::kUnderRules: return CheckSecondCustodian(facts, entry, act);
  }
  InternalError("a cosigner has no rule", __FILE__, __LINE__);
}

// --- statements, which others signed before they came here ---

struct StatementChecker {
  const Facts& facts;
  const Entry& entry;

  template <typename Body>
  Result<void> operator()(const Body& /*body*/) const {
    return {};
  }

  Result<void> operator()(const Item& item) const {
    if (!item.collected) return {};
    const Collected& statement = item.collected->statement();
    const auto refused = [](const std::string& message) { return Refused("the collector's statement is " + message); };
    if (statement.origin != entry.origin) {
      return refused("of another vault: origin " + Printable(statement.origin.text()));
    }
    if (statement.sealed != item.sealed) return refused("of another sealed file");
    if (statement.recipient != facts.vault_keys.back().recipient) {
      return refused("of an item that is sealed to another key than the vault's present one");
    }
    auto may = facts.MayAct(statement.of.collector, Act::kItem);
    if (!may) return Fail(std::move(may).error().In("the collector's statement"));
    return {};
  }
  Result<void> operator()(const Transfer& transfer) const {
    const Statement& statement = transfer.statement.statement();
    if (statement.origin != entry.origin) {
      return Refused("the statement is of another vault: origin " + Printable(statement.origin.text()));
    }
    if (statement.released_by == statement.received_by) {
      return Refused("the statement is released and received by the same key " + Printable(statement.released_by));
    }
    for (const std::string* const party : {&statement.released_by, &statement.received_by}) {
      auto may = facts.MayAct(*party, Act::kTransfer);
      if (!may) return Fail(std::move(may).error().In("statement"));
    }
    if (facts.statements.contains(transfer.statement.hash())) return Refused("the statement is in the log already");
    return {};
  }
};

// A checkpoint that this log signed, at its size, by what is known of its keys here.
Result<void> CheckOwn(const Facts& facts, const Entry& entry, const NotedCheckpoint& noted) {
  if (noted.checkpoint().origin != entry.origin) {
    return Refused("the checkpoint is of another log: " + Printable(noted.checkpoint().origin.text()));
  }
  const auto opened = facts.log_keys->Open(noted.note());
  if (!opened) return Refused("the checkpoint is not signed by the log's key: " + opened.error().message);
  return {};
}

Result<Stamp> StampOf(const Facts& facts, const Entry& entry, const Timestamped& body);

// --- each act ---

struct Checker {
  const Facts& facts;
  const Entry& entry;

  Result<void> operator()(const Genesis& /*body*/) const { return Refused("a second genesis"); }
  Result<void> operator()(const Item& /*body*/) const { return {}; }
  Result<void> operator()(const Omission& /*body*/) const { return {}; }
  Result<void> operator()(const Note& /*body*/) const { return {}; }
  Result<void> operator()(const CaseRecord& /*body*/) const { return {}; }
  Result<void> operator()(const Received& body) const {
    const Receipt& receipt = body.receipt.receipt();
    if (receipt.origin != entry.origin) {
      return Refused("the receipt is of another vault: origin " + Printable(receipt.origin.text()));
    }
    TRY_VOID(CheckOwn(facts, entry, receipt.checkpoint));
    if (receipt.checkpoint.checkpoint().size.value > entry.sequence.value) {
      return Refused("the receipt's checkpoint is not one before this entry");
    }
    if (facts.Find(receipt.made_by) == nullptr) {
      return Refused(
          Format("the receipt is of a bundle by {}, whom this vault does not know", Printable(receipt.made_by)));
    }
    if (facts.statements.contains(body.receipt.hash())) return Refused("the receipt is in the log already");
    return {};
  }
  Result<void> operator()(const Access& body) const { return CheckNotShredded(facts, body.items); }
  Result<void> operator()(const Hold& body) const { return CheckNotShredded(facts, body.items); }
  Result<void> operator()(const Transfer& body) const {
    return CheckNotShredded(facts, body.statement.statement().items);
  }

  Result<void> operator()(const Admit& body) const {
    const tlog::VerifierKey& key = body.custodian.key;
    if (key.type() != tlog::SignatureType::kEd25519 && body.custodian.roles != std::vector{Role::kWitness}) {
      return Refused(Format("key {} is for cosignatures only, which is for a witness", Printable(ActorOf(key))));
    }
    return CheckUnknown(facts, key);
  }
  Result<void> operator()(const Retire& body) const {
    TRY(const Membership* const member, Present(facts, body.key));
    if (IsCustodian(*member) && CustodianCount(facts) == 1) {
      return Refused(Printable(body.key) + " is the last custodian, without whom nobody could be admitted");
    }
    return {};
  }
  Result<void> operator()(const Rotate& body) const {
    if (body.key.type() != tlog::SignatureType::kEd25519) {
      return Refused(Format("key {} is for cosignatures only", Printable(ActorOf(body.key))));
    }
    return CheckUnknown(facts, body.key);
  }
  Result<void> operator()(const Timestamped& body) const {
    TRY_VOID(StampOf(facts, entry, body));
    return {};
  }
  Result<void> operator()(const Recovery& body) const { return CheckOwn(facts, entry, body.lost); }
  Result<void> operator()(const RotateLog& body) const {
    if (body.key.type() != tlog::SignatureType::kEd25519) {
      return Refused(Format("key {} is for cosignatures only", Printable(ActorOf(body.key))));
    }
    if (body.key.name() != facts.log_keys->current().name()) {
      return Refused("the log key's name is not the origin");
    }
    if (facts.log_keys->Knows(body.key)) return Refused("the log had this key before");
    return CheckUnknown(facts, body.key);
  }
  Result<void> operator()(const ReaderChange& /*body*/) const { return {}; }
  Result<void> operator()(const Reseal& body) const {
    if (body.items) TRY_VOID(CheckNotShredded(facts, *body.items));
    const VaultKey& present = facts.vault_keys.back();
    if (body.recipient == present.recipient) {
      if (!body.items || body.items->ranges().back().last < present.since.value) return {};
      return Refused(ItemName(body.items->ranges().back().last) + " is sealed to this key already");
    }
    if (std::ranges::find(facts.vault_keys, body.recipient, &VaultKey::recipient) == facts.vault_keys.end()) return {};
    return Refused("the vault had this key before");
  }
  Result<void> operator()(const Rule& body) const {
    if (body.needs_two.empty() || CustodianCount(facts) >= 2) return {};
    return Refused("a rule of two custodians, where one is admitted, could not be kept");
  }
  Result<void> operator()(const Release& body) const {
    const std::optional<std::uint64_t> free = facts.holds.FindFree(body.items);
    return free ? Refused(ItemName(*free) + " is not held") : Result<void>();
  }
  Result<void> operator()(const Shred& body) const {
    const auto done = facts.shredded.find(body.item.value);
    if (done != facts.shredded.end()) {
      return Refused(Format("{} was shredded under {}", ItemName(body.item.value), NameOf(done->second)));
    }
    const std::uint64_t holds = facts.holds.At(body.item.value);
    if (holds == 0) return {};
    return Refused(Format("{} is held ({})", ItemName(body.item.value), Counted(holds, "hold", "holds")));
  }
};

// What a timestamp entry covers, and which bytes its token must cover.
Result<Stamp> StampOf(const Facts& facts, const Entry& entry, const Timestamped& body) {
  const crypto::Sha256Digest token = crypto::Sha256(body.token);
  if (const auto* const renews = std::get_if<tlog::Sequence>(&body.stamped)) {
    const auto before = facts.stamps.find(*renews);
    if (before == facts.stamps.end()) return Refused(NameOf(*renews) + " is no timestamp of this log");
    return Stamp{before->second.covers, before->second.token, token};
  }
  const NotedCheckpoint& stamped = std::get<NotedCheckpoint>(body.stamped);
  const tlog::TreeSize size = stamped.checkpoint().size;
  TRY_VOID(CheckOwn(facts, entry, stamped));
  if (size.value == 0 || size.value > entry.sequence.value) {
    return Refused(Format("the stamped checkpoint of size {} is not one before this entry", size));
  }
  return Stamp{size, crypto::Sha256(stamped.note()), token};
}

struct Applier {
  Facts& facts;
  const Entry& entry;

  template <typename Body>
  void operator()(const Body& /*body*/) const {}

  void operator()(const Admit& body) const {
    facts.custodians.emplace(ActorOf(body.custodian.key), Membership{body.custodian, entry.sequence});
  }
  void operator()(const Retire& body) const {
    facts.custodians.at(body.key).until = entry.sequence;
    NoteCompromise(Compromise::Of::kCustodian, body.key, body.compromised_since);
  }
  void operator()(const Rotate& body) const {
    Membership& old = facts.custodians.at(entry.actor);
    Membership next{old.custodian, entry.sequence};
    next.custodian.key = body.key;
    old.until = entry.sequence;
    old.replaced_by = ActorOf(body.key);
    facts.custodians.emplace(*old.replaced_by, std::move(next));
  }
  void operator()(const Timestamped& body) const {
    const auto stamp = StampOf(facts, entry, body);
    EXHIBIT_ASSERT(stamp);
    facts.stamps.emplace(entry.sequence, *stamp);
  }
  void operator()(const Recovery& body) const {
    facts.recoveries.emplace(entry.sequence, Recovered{body.lost.checkpoint(), body.reason});
  }
  void operator()(const RotateLog& body) const {
    NoteCompromise(Compromise::Of::kLog, ActorOf(facts.log_keys->current()), body.compromised_since);
    facts.log_keys->Rotate(entry.sequence, body.key);
  }
  void operator()(const ReaderChange& body) const {
    for (Readership& one : facts.readers) {
      const bool stays = std::ranges::find(body.readers, one.reader) != body.readers.end();
      if (!one.until && !stays) one.until = entry.sequence;
    }
    const std::vector<Reader> known = facts.PresentReaders();
    for (const Reader& reader : body.readers) {
      if (std::ranges::find(known, reader) == known.end()) facts.readers.push_back({reader, entry.sequence});
    }
    facts.key_file = body.key_file;
  }
  void operator()(const Reseal& body) const {
    if (body.recipient != facts.vault_keys.back().recipient) {
      facts.vault_keys.push_back({body.recipient, entry.sequence});
    }
    if (body.key_file) facts.key_file = body.key_file;
  }
  void operator()(const Rule& body) const { facts.needs_two = body.needs_two; }
  void operator()(const Hold& body) const { facts.holds.Add(body.items); }
  void operator()(const Release& body) const { facts.holds.Remove(body.items); }
  void operator()(const Shred& body) const { facts.shredded.emplace(body.item.value, entry.sequence); }
  void operator()(const Transfer& body) const { facts.statements.insert(body.statement.hash()); }
  void operator()(const Received& body) const { facts.statements.insert(body.receipt.hash()); }
  void operator()(const CaseRecord& /*body*/) const { facts.cases.push_back(entry.sequence); }

  void NoteCompromise(Compromise::Of of, std::string key, const std::optional<Moment>& since) const {
    if (since) facts.compromises.emplace(entry.sequence, Compromise{of, std::move(key), *since});
  }
};

}  // namespace

const Membership* Facts::Find(const std::string& actor) const {
  const auto found = custodians.find(actor);
  return found == custodians.end() ? nullptr : &found->second;
}

std::vector<Reader> Facts::PresentReaders() const {
  std::vector<Reader> present;
  for (const Readership& one : readers) {
    if (!one.until) present.push_back(one.reader);
  }
  return present;
}

Result<void> Facts::MayAct(const std::string& actor, Act act) const {
  TRY(const Membership* const member, Present(*this, actor));
  if (MaySign(member->custodian.roles, act)) return {};
  const std::string type(ToText(TypeOf(act)));
  const std::string word(ToText(act));
  return Denied(Format("{} holds no role that may sign an entry of type {}{}", Printable(actor), type,
                       word == type ? "" : " (" + word + ")"));
}

Result<Signers> CheckAct(const Facts& facts, const Entry& entry) {
  const Act act = ActOf(entry.body);
  TRY_VOID(facts.MayAct(entry.actor, act));
  TRY_VOID(CheckCosigner(facts, entry, act));
  TRY_VOID(std::visit(StatementChecker{facts, entry}, entry.body));
  TRY_VOID(std::visit(Checker{facts, entry}, entry.body));
  return Signers::Of(facts, entry);
}

bool ChangesFacts(Act act) {
  switch (act) {
    case Act::kGenesis:
    case Act::kItem:
    case Act::kOmission:
    case Act::kAccess:
    case Act::kNote: return false;
    case Act::kAdmit:
    case Act::kRetire:
    case Act::kRotate:
    case Act::kTransfer:
    case Act::kHold:
    case Act::kRelease:
    case Act::kShred:
    case Act::kRule:
    case Act::kTimestamp:
    case Act::kRecover:
    case Act::kRotateLog:
    case Act::kReader:
    case Act::kReseal:
    case Act::kReceipt:
    case Act::kCase: return true;
  }
  InternalError("an act is not known", __FILE__, __LINE__);
}

void Apply(Facts& facts, const Entry& entry) { std::visit(Applier{facts, entry}, entry.body); }

}  // namespace exhibit::custody

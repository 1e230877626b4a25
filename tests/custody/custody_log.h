// A log of custody in memory, with verbs: sign an entry that follows, let the state judge it, keep it.
//
// Keys have handles: "k1" is the first custodian, of person 1; "log" signs checkpoints, "recovery" is the recovery key. Each
// name's seed is a hash of it, so every run has the same keys.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/check.h"
#include "vault/base/bech32.h"
#include "vault/crypto/hash.h"
#include "vault/custody/state.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::testing {

inline constexpr std::string_view kOrigin = "x7.example/q4d2";
inline tlog::Origin AnOrigin() { return Unwrap(tlog::Origin::Parse(kOrigin)); }
inline custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }
inline custody::EntryTime At(std::string_view text) { return Unwrap(custody::ParseEntryTime(text)); }
inline const custody::EntryTime kNoon = {1'795'867'200};

inline tlog::SigningKey KeyNamed(std::string_view name, std::string_view seed) {
  crypto::Ed25519Seed secret;
  const auto digest = crypto::Sha256(ViewOf("exhibit test: " + std::string(seed)));
  std::ranges::copy(digest.view(), secret.ExposeSecretForWriting().begin());
  return tlog::SigningKey::FromSeed(Unwrap(tlog::KeyName::Parse(name)), tlog::SignatureType::kEd25519,
                                    std::move(secret));
}

template <typename Digest>
Digest DigestNamed(std::string_view name) {
  return custody::DigestOf<Digest>(ViewOf(name));
}

inline custody::Labels AnyLabels(std::uint64_t count = 4) {
  std::vector<custody::Label> labels;
  for (std::uint8_t i = 0; i < count; ++i) {
    labels.push_back(custody::Label({i}));
  }
  return Unwrap(custody::Labels::Make(std::move(labels), {count}));
}
inline custody::SealedFile AnySealedFile(std::string_view fields = "fields") {
  return {AnyLabels(), DigestNamed<custody::HeaderDigest>("header"), DigestNamed<custody::KeyCommitment>("key"),
          DigestNamed<custody::PayloadDigest>("payload"), DigestNamed<custody::FieldsDigest>(fields)};
}

// A recipient whose secret nobody has, the same for a name.
inline custody::VaultRecipient RecipientNamed(std::string_view name, custody::Suite suite = custody::Suite::kX25519) {
  const auto digest = crypto::Sha256(ViewOf(name));
  if (suite == custody::Suite::kX25519)
    return Unwrap(custody::VaultRecipient::Parse(EncodeBech32("age", digest.view())));
  Bytes bytes(1216, 7);
  std::ranges::copy(digest.view(), bytes.begin());
  return Unwrap(custody::VaultRecipient::Parse(EncodeBech32("age1pq" + std::string(), bytes)));
}

struct LogOptions {
  bool has_recovery = true;
  std::uint64_t label_count = 4;
};

class CustodyLog {
 public:
  explicit CustodyLog(LogOptions options = {})
      : entries_{GenesisWith(options)},
        state_(
            Unwrap(custody::State::Begin(entries_[0], {.leaf = [this](tlog::Sequence at) { return FindLeaf(at); }}))) {}
  CustodyLog(const CustodyLog&) = delete;
  CustodyLog& operator=(const CustodyLog&) = delete;

  // "k1" is a handle, "k1b" another key of that handle; "log", "log2", "recovery" and "receiver" have the names they must.
  static tlog::SigningKey Key(const std::string& name) {
    if (name.starts_with("log")) return KeyNamed(kOrigin, name);
    if (name.starts_with("recovery") || name.starts_with("receiver")) {
      return KeyNamed(std::string(kOrigin) + "/" + name.substr(0, 8), name);
    }
    std::string handle = name;
    while (!handle.empty() && handle.back() >= 'a' && handle.back() <= 'z') handle.pop_back();
    return KeyNamed(std::string(kOrigin) + "/" + handle, name);
  }
  static custody::Actor Actor(const std::string& name) { return custody::ActorOf(Key(name).verifier()); }
  static custody::LogKeyList LogKeys(const std::string& name) { return {Key(name).verifier()}; }

  static custody::Custodian CustodianOf(const std::string& name, std::uint64_t person,
                                        custody::Roles roles = {custody::Role::kCustodian}) {
    return {{person}, Key(name).verifier(), roles};
  }
  // A custodian of a person with a key of the same number: k2 is of person 2.
  static custody::Admit AdmitOf(const std::string& name, std::uint64_t person,
                                custody::Roles roles = {custody::Role::kCustodian}) {
    return {CustodianOf(name, person, roles)};
  }
  static custody::Retire RetireOf(const std::string& name) { return {Actor(name), std::nullopt}; }
  static custody::Rotate RotateTo(const std::string& name) { return {Key(name).verifier()}; }
  static custody::Item AnItem() { return {std::nullopt, std::nullopt}; }
  static custody::Rule RuleOf(custody::RuledActs two) { return {two, std::nullopt}; }

  custody::NotedCheckpoint Checkpoint(std::uint64_t size, const std::string& key = "log") const {
    tlog::CompactRange range;
    for (std::uint64_t i = 0; i < size && i < entries_.size(); ++i) range.Append(entries_[i].leaf());
    return Unwrap(custody::NotedCheckpoint::Parse(
        Unwrap(tlog::SignNote(tlog::EncodeCheckpoint({AnOrigin(), {size}, range.Root()}), Key(key)))));
  }
  custody::SignedTransfer Statement(const std::string& from, const std::string& to,
                                    std::string_view fields = "fields") const {
    return Unwrap(custody::SignedTransfer::Sign(
        {AnOrigin(), state_.fingerprint(), Actor(from), Actor(to), kNoon, DigestNamed<custody::FieldsDigest>(fields)},
        Key(from)));
  }
  custody::Transfer Accepted(const std::string& from, const std::string& to) const {
    return {custody::TransferOutcome::kAccepted, Unwrap(Statement(from, to).Countersign(Key(to)))};
  }
  custody::SignedCollected CollectedBy(const std::string& name, std::uint64_t number,
                                       const custody::StatementDigest& prev = {}, const std::string& next = {}) const {
    custody::Collected said{AnOrigin(),   state_.fingerprint(), Actor(name), number,         prev,
                            std::nullopt, state_.recipient(),   kNoon,       AnySealedFile()};
    if (!next.empty()) said.next = Key(next).verifier();
    return Unwrap(custody::SignedCollected::Sign(said, Key(name)));
  }
  custody::SignedClosedRun ClosedBy(const std::string& name, std::uint64_t up_to,
                                    const custody::StatementDigest& prev) const {
    return Unwrap(custody::SignedClosedRun::Sign(
        {AnOrigin(), state_.fingerprint(), Actor(name), up_to, prev, std::nullopt, kNoon}, Key(name)));
  }

  // The next entry, not signed yet, whatever the rules say of it.
  custody::Entry Draft(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) const {
    custody::Entry entry{AnOrigin(), state_.next_sequence(), state_.previous(), state_.law(),
                         kNoon,      Actor(actor),           std::move(body)};
    if (custody::HasSealedFile(entry.body)) entry.sealed = AnySealedFile();
    if (!cosigner.empty()) entry.cosigner = Actor(cosigner);
    return entry;
  }
  // Signed by these keys.
  static custody::SignedEntry Sign(const custody::Entry& entry, const std::vector<std::string>& names) {
    std::vector<tlog::SigningKey> keys;
    for (const std::string& name : names) keys.push_back(Key(name));
    std::vector<const tlog::SigningKey*> others;
    for (std::size_t i = 1; i < keys.size(); ++i) others.push_back(&keys[i]);
    return Unwrap(custody::SignedEntry::SignWith(entry, keys[0], others));
  }
  custody::SignedEntry Make(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) const {
    std::vector<std::string> names = {actor};
    if (!cosigner.empty()) names.push_back(cosigner);
    return Sign(Draft(std::move(body), actor, cosigner), names);
  }

  // Rules and signatures, as a verifier checks both.
  Result<void> Try(const custody::SignedEntry& entry) {
    custody::State next = state_;
    TRY(const auto accepted, next.Accept(entry));
    auto signatures = custody::CheckSignatures(entry, accepted.signers);
    if (!signatures) return Fail(std::move(signatures).error().In(tlog::NameOf(entry.parsed().sequence)));
    remarks_ = accepted.remarks;
    state_ = std::move(next);
    entries_.push_back(entry);
    return {};
  }
  Result<void> Try(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) {
    return Try(Make(std::move(body), actor, cosigner));
  }
  // Gives its position.
  tlog::Sequence Add(custody::EntryBody body, const std::string& actor = "k1", const std::string& cosigner = {}) {
    const auto added = Try(std::move(body), actor, cosigner);
    if (!added) FAIL("unexpected error: " << added.error().message);
    return entries_.back().parsed().sequence;
  }
  tlog::Sequence Add(const custody::SignedEntry& entry) {
    const auto added = Try(entry);
    if (!added) FAIL("unexpected error: " << added.error().message);
    return entry.parsed().sequence;
  }
  // Persons 2, 3 … with keys k2, k3 …
  void AdmitPersons(std::uint64_t up_to) {
    for (std::uint64_t person = 2; person <= up_to; ++person) Add(AdmitOf("k" + std::to_string(person), person));
  }

  const std::vector<custody::SignedEntry>& entries() const { return entries_; }
  const custody::State& state() const { return state_; }
  const std::vector<custody::Remark>& remarks() const { return remarks_; }

  Result<std::optional<tlog::LeafHash>> FindLeaf(tlog::Sequence at) const {
    if (at.value >= entries_.size()) return std::optional<tlog::LeafHash>();
    return std::optional(entries_[at.value].leaf());
  }

  static custody::SignedEntry GenesisWith(const LogOptions& options) {
    custody::Genesis genesis{custody::Suite::kX25519,
                             {options.label_count},
                             {},
                             RecipientNamed("first"),
                             LogKeys("log"),
                             CustodianOf("k1", 1),
                             std::nullopt,
                             std::nullopt,
                             std::nullopt};
    if (options.has_recovery) genesis.recovery = Key("recovery").verifier();
    custody::SealedFile sealed = AnySealedFile();
    sealed.labels = AnyLabels(options.label_count);
    const custody::Entry entry{AnOrigin(), {0}, {}, {0}, kNoon, Actor("k1"), std::move(genesis), sealed};
    return Sign(entry, {"k1"});
  }

 private:
  std::vector<custody::SignedEntry> entries_;
  custody::State state_;
  std::vector<custody::Remark> remarks_;
};

}  // namespace exhibit::testing

// A log of custody in memory, with verbs: sign an entry that follows, let the state judge it, keep it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"
#include "vault/crypto/hash.h"
#include "vault/custody/state.h"

namespace exhibit::testing {

inline custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }

inline custody::SealedFile AnySealedFile() {
  return {custody::DigestOfHeader(ViewOf("header")), 316, 300, tlog::EmptyRoot()};
}

class CustodyLog {
 public:
  explicit CustodyLog(const std::string& genesis_text = kGenesisText)
      : entries_{SignText(genesis_text, Alice())},
        state_(Unwrap(custody::State::Begin(entries_[0], [this](tlog::Sequence at) { return FindItem(at); }))) {
    keys_.emplace("alice", Alice());
  }
  CustodyLog(const CustodyLog&) = delete;
  CustodyLog& operator=(const CustodyLog&) = delete;

  // The key of this name, the same in every run.
  const tlog::SigningKey& Key(const std::string& name) {
    const auto found = keys_.find(name);
    if (found != keys_.end()) return found->second;
    const std::string seed = ToHex(crypto::Sha256(ViewOf("exhibit test: " + name)).view());
    return keys_.emplace(name, KeyOfSeed(name, tlog::SignatureType::kEd25519, seed)).first->second;
  }
  std::string Actor(const std::string& name) { return custody::ActorOf(Key(name).verifier()); }

  custody::Admit AdmitOf(const std::string& name, std::vector<custody::Role> roles) {
    return {{name, Key(name).verifier(), std::move(roles)}};
  }
  custody::Retire RetireOf(const std::string& name) { return {Actor(name), "left"}; }
  custody::Rotate RotateTo(const std::string& name) { return {Key(name).verifier()}; }

  custody::SignedStatement Statement(const std::string& items, const std::string& from, const std::string& to,
                                     const std::string& purpose = "analysis") {
    const custody::ItemSet set = Items(items);
    std::vector<tlog::LeafHash> leaves;
    for (const tlog::Sequence item : set.Items()) {
      if (item.value < entries_.size()) leaves.push_back(entries_[item.value].leaf());
    }
    return Unwrap(custody::SignedStatement::Sign(
        {state_.origin(), set, custody::RootOfLeaves(leaves), Actor(from), Actor(to), {1795481054000}, purpose},
        Key(from)));
  }
  custody::Transfer Accepted(const std::string& items, const std::string& from, const std::string& to) {
    return {custody::Transfer::Outcome::kAccepted, Unwrap(Statement(items, from, to).Countersign(Key(to)))};
  }

  // An item that `name` collected elsewhere, sealed to the vault's present key.
  custody::Item CollectedBy(const std::string& name, std::uint64_t number) {
    const custody::Collected statement{
        state_.origin(), {Actor(name), number}, state_.recipient(), {1795481054000}, AnySealedFile()};
    return {AnySealedFile(), Unwrap(custody::SignedCollected::Sign(statement, Key(name)))};
  }
  // A recipient whose secret is gone, the same for a name within a log.
  const seal::X25519Recipient& Recipient(const std::string& name) {
    return recipients_.try_emplace(name, seal::X25519Identity::Generate().recipient()).first->second;
  }
  custody::ReaderChange ReadersOf(const std::vector<std::string>& names) {
    custody::ReaderChange change;
    for (const std::string& name : names) change.readers.push_back({Recipient(name), name});
    return change;
  }
  custody::Reseal ResealOf(const std::string& items, const std::string& to) {
    custody::Reseal reseal{Recipient(to), crypto::Sha256Digest(), Items(items)};
    reseal.headers.assign(reseal.items->count(), custody::DigestOfHeader(ViewOf("anew")));
    return reseal;
  }

  // An entry that follows, signed, whatever the rules say of it.
  custody::SignedEntry Make(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) {
    custody::Entry entry{state_.origin(), state_.next_sequence(), state_.previous(),
                         {1795481054000}, Actor(actor),           std::move(body)};
    if (cosigner.empty()) return Unwrap(custody::SignedEntry::Sign(std::move(entry), Key(actor)));
    entry.cosigner = Actor(cosigner);
    return Unwrap(custody::SignedEntry::Sign(std::move(entry), Key(actor), &Key(cosigner)));
  }

  // Rules and signatures, as a verifier checks both.
  Result<void> Try(const custody::SignedEntry& entry) {
    custody::State next = state_;
    TRY(const auto accepted, next.Accept(entry));
    auto signatures = custody::CheckSignatures(entry, accepted.signers);
    if (!signatures) {
      return Fail(std::move(signatures).error().In("entry " + std::to_string(entry.parsed().sequence.value)));
    }
    state_ = std::move(next);
    entries_.push_back(entry);
    return {};
  }
  Result<void> Try(custody::EntryBody body, const std::string& actor, const std::string& cosigner = {}) {
    return Try(Make(std::move(body), actor, cosigner));
  }
  void Add(custody::EntryBody body, const std::string& actor = "alice", const std::string& cosigner = {}) {
    const auto added = Try(std::move(body), actor, cosigner);
    if (!added) FAIL("unexpected error: " << added.error().message);
  }

  const std::vector<custody::SignedEntry>& entries() const { return entries_; }
  const custody::State& state() const { return state_; }

  Result<custody::NamedItem> FindItem(tlog::Sequence at) const {
    if (at.value >= entries_.size()) return Fail(ErrorCode::kNotFound, "no such entry");
    return custody::NamedItemOf(entries_[at.value]);
  }

 private:
  std::map<std::string, tlog::SigningKey> keys_;
  std::map<std::string, seal::X25519Recipient> recipients_;
  std::vector<custody::SignedEntry> entries_;
  custody::State state_;
};

}  // namespace exhibit::testing

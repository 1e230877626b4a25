#include "vault/store/draft.h"

#include <algorithm>
#include <iterator>

#include "vault/store/first_error.h"

namespace exhibit::store {

custody::Entry Draft::Next(custody::EntryBody body, const Signing& signing) const {
  custody::Entry entry{state_.origin(),
                       state_.next_sequence(),
                       state_.previous(),
                       state_.law(),
                       time_,
                       custody::ActorOf(signing.actor.verifier()),
                       std::move(body)};
  if (signing.cosigner != nullptr) entry.cosigner = custody::ActorOf(signing.cosigner->verifier());
  return entry;
}

Result<custody::Signers> Draft::MayExtend(custody::EntryBody body, const custody::FieldList* fields,
                                          const Signing& signing) const {
  return state_.MayFollow(Next(std::move(body), signing), fields);
}

Result<void> Draft::Extend(custody::EntryBody body, const SealedEntry* sealed, const Signing& signing) {
  custody::Entry entry = Next(std::move(body), signing);
  if (sealed != nullptr) entry.sealed = sealed->file;
  const custody::FieldList* const fields = sealed != nullptr && sealed->fields ? &*sealed->fields : nullptr;
  TRY_VOID(state_.MayFollow(entry, fields));
  std::vector<const tlog::SigningKey*> others;
  if (signing.cosigner != nullptr) others.push_back(signing.cosigner);
  std::ranges::copy(signing.more, std::back_inserter(others));
  TRY(custody::SignedEntry made,
      custody::SignedEntry::SignWith(entry, signing.actor, others, crypto::SelfCheck::kByCaller));
  TRY(custody::State::Accepted accepted, state_.Accept(made, fields));
  // Checks a stranger's statement before it is stored: no writer could sign a head over a wrong one.
  TRY_VOID(custody::CheckStatement(made.parsed().body, accepted.signers));
  tree_.Append(made.leaf());
  signers_.push_back(std::move(accepted.signers));
  entries_.push_back(std::move(made));
  return {};
}

Result<void> Draft::CheckSignatures(Pool& pool) const {
  FirstError error;
  pool.ForEach(entries_.size(), [&](std::size_t i) {
    if (!error.failed()) error.Add(custody::CheckSignatures(entries_[i], signers_[i]));
  });
  return error.Take();
}

std::vector<custody::ActRow> Draft::Rows() const {
  std::vector<custody::ActRow> rows;
  for (const custody::SignedEntry& entry : entries_) {
    std::ranges::move(custody::ActRowsOf(entry.parsed().sequence, entry.parsed().body), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace exhibit::store

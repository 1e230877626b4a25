#include "vault/work/reseal.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/seal/age_header.h"
#include "vault/session/key_files.h"
#include "vault/session/writer_hands.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"
#include "vault/work/change_readers.h"

namespace exhibit::work {
namespace {

// Copies it through its text, because a secret cannot be copied.
Result<seal::Identity> CopyOf(const seal::Identity& identity) {
  if (const auto* const classical = std::get_if<seal::X25519Identity>(&identity)) {
    return seal::ParseIdentity(classical->ToSecretText().ExposeSecret());
  }
  const auto* const hybrid = std::get_if<seal::HybridIdentity>(&identity);
  EXHIBIT_ASSERT(hybrid != nullptr);  // a vault's key is never an SSH key
  return seal::ParseIdentity(hybrid->ToSecretText().ExposeSecret());
}

Result<custody::VaultRecipient> VaultRecipientOf(const seal::Identity& identity) {
  TRY(const seal::Recipient recipient, seal::RecipientOf(identity));
  return custody::VaultRecipient::Parse(seal::RecipientText(recipient));
}

Result<seal::Identity> NewKey(custody::Suite suite) {
  if (suite == custody::Suite::kX25519) return seal::Identity(seal::X25519Identity::Generate());
  TRY(seal::HybridIdentity identity, seal::HybridIdentity::Generate());
  return seal::Identity(std::move(identity));
}

// The key that items are resealed to.
struct Target {
  const seal::Identity& identity;
  seal::Recipient recipient;
};

// A header for the target, checked by opening it as a reader will: the secrets that opened the others may be gone by then.
Result<Bytes> Rewrap(const verify::LogSource& source, tlog::Sequence item, seal::Identities keys,
                     const Target& target) {
  TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source, item));
  const auto& sealed = entry.parsed().sealed;
  if (!sealed) return Fail(ErrorCode::kTampered, "it has no sealed file");
  TRY(const seal::FileKey file_key, verify::OpenFileKey(source, item, *sealed, keys));
  TRY(Bytes made, seal::SealHeader(file_key, {target.recipient}));
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(made));
  TRY(const seal::FileKey again, seal::OpenHeader(parsed.header, {&target.identity, 1}));
  TRY_VOID(seal::CheckCommitment(*seal::KeyCommitment::From(sealed->key.view()), again));
  return made;
}

std::vector<bool> ShreddedUpTo(const custody::Facts& facts, std::uint64_t end) {
  std::vector<bool> is_shredded(static_cast<std::size_t>(end));
  for (auto range = facts.shredded->RangeFrom(0); range; range = facts.shredded->RangeFrom(range->last + 1)) {
    for (std::uint64_t at = range->first; at <= range->last && at < end; ++at) {
      is_shredded[static_cast<std::size_t>(at)] = true;
    }
  }
  return is_shredded;
}

// Entries with a sealed file, up to `end`, that were not shredded and that `is_done` does not name.
Result<std::vector<tlog::Sequence>> SealedUpTo(const WriterHands& hands, std::uint64_t end,
                                               const std::vector<bool>& is_done) {
  const std::vector<bool> is_shredded = ShreddedUpTo(hands.appender.state().facts(), end);
  std::vector<tlog::Sequence> items;
  for (std::uint64_t at = 0; at < end; ++at) {
    if (is_shredded[static_cast<std::size_t>(at)] || is_done[static_cast<std::size_t>(at)]) continue;
    TRY(const auto entry, hands.vault.EntryIfHere({at}));
    if (entry && entry->parsed().sealed) items.push_back({at});
  }
  return items;
}

// Which of the entries before the present key's have a header for it, or with `destroy` no others: those that reseal
// entries since then name.
Result<std::vector<bool>> DoneSince(const WriterHands& hands, tlog::Sequence since, ResealRequest::Earlier earlier) {
  std::vector<bool> is_done(static_cast<std::size_t>(since.value));
  const std::uint64_t size = hands.appender.next_sequence().value;
  for (std::uint64_t at = since.value; at < size; ++at) {
    TRY(const auto entry, hands.vault.EntryIfHere({at}));
    const auto* const reseal = entry ? std::get_if<custody::Reseal>(&entry->parsed().body) : nullptr;
    if (reseal == nullptr || !reseal->items) continue;
    if (earlier == ResealRequest::Earlier::kDestroy && !reseal->destroy) continue;
    for (const tlog::Sequence item : reseal->items->Items()) {
      if (item < since) is_done[static_cast<std::size_t>(item.value)] = true;
    }
  }
  return is_done;
}

const custody::VaultKey& PresentKey(const WriterHands& hands) {
  return hands.appender.state().facts().vault_keys.back();
}

// What a reseal to the present key left to do; none if the vault never had another.
Result<std::vector<tlog::Sequence>> LeftToReseal(const WriterHands& hands) {
  const custody::VaultKey& present = PresentKey(hands);
  if (hands.appender.state().facts().vault_keys.size() == 1) return std::vector<tlog::Sequence>();
  TRY(const std::vector<bool> is_done, DoneSince(hands, present.since, ResealRequest::Earlier::kKeep));
  return SealedUpTo(hands, present.since.value, is_done);
}

// Items that were taken in since the present key, and had been collected for an earlier one.
Result<std::uint64_t> CountLate(const WriterHands& hands) {
  std::uint64_t late = 0;
  for (std::uint64_t at = PresentKey(hands).since.value + 1; at < hands.appender.next_sequence().value; ++at) {
    TRY(const auto entry, hands.vault.EntryIfHere({at}));
    const auto* const item = entry ? std::get_if<custody::Item>(&entry->parsed().body) : nullptr;
    const bool is_late = item != nullptr && item->accepted && item->accepted->Has(custody::Accepted::kEarlierKey);
    if (is_late && !hands.appender.state().facts().shredded->Has(at)) ++late;
  }
  return late;
}

// Headers for all items, in groups.
class Resealing {
 public:
  Resealing(const WriterHands& hands, const ResealRequest& request, Target target, Pool& pool)
      : hands_(hands), request_(request), target_(std::move(target)), pool_(pool) {}

  // `first` is the body of the first entry, and `more` of those after it; both get items and headers.
  Result<Resealed> Run(const std::vector<tlog::Sequence>& items, custody::Reseal first, const custody::Reseal& more) {
    TRY(custody::VaultRecipient recipient, VaultRecipientOf(target_.identity));
    Resealed resealed{{}, 0, std::move(recipient), hands_.appender.head(), 0};
    custody::Reseal body = std::move(first);
    do {
      TRY_VOID(StopIfAsked(request_.interrupted));
      const auto rest = std::span(items).subspan(static_cast<std::size_t>(resealed.items));
      const auto group = rest.first(std::min(request_.group, rest.size()));
      TRY(store::Committed committed, CommitGroup(std::move(body), group));
      body = more;
      resealed.entries.push_back(committed.first);
      resealed.items += group.size();
      resealed.checkpoint = std::move(committed.checkpoint);
      if (request_.on_progress) request_.on_progress(resealed.items, items.size());
    } while (resealed.items < items.size());
    return resealed;
  }

 private:
  Result<store::Committed> CommitGroup(custody::Reseal body, std::span<const tlog::Sequence> items) {
    TRY(const std::vector<Bytes> headers, MakeHeaders(items));
    if (!items.empty()) {
      TRY(body.items, custody::ItemSet::Of({items.begin(), items.end()}));
      std::vector<custody::HeaderDigest> digests;
      for (const Bytes& header : headers) digests.push_back(custody::DigestOf<custody::HeaderDigest>(header));
      body.SetHeaders(digests);
    } else {
      body.destroy.reset();
    }
    const bool destroys = body.destroy.has_value();
    TRY(store::Committed committed,
        hands_.appender.CommitReseal({std::move(body), request_.fields, {}, request_.cosigner}, headers));
    if (!destroys) return committed;
    for (const tlog::Sequence item : items) {
      auto destroyed = hands_.store.DestroyHeaders(item, committed.first);
      if (destroyed) continue;
      return Fail(std::move(destroyed).error().In(Format(
          "entry {} says that earlier headers are destroyed, and the next writer goes on with it", committed.first)));
    }
    return committed;
  }

  Result<std::vector<Bytes>> MakeHeaders(std::span<const tlog::Sequence> items) const {
    std::vector<Result<Bytes>> made(items.size());
    pool_.ForEach(items.size(),
                  [&](std::size_t i) { made[i] = Rewrap(hands_.store, items[i], request_.keys, target_); });
    std::vector<Bytes> headers;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!made[i]) {
        return Fail(Error(std::move(made[i]).error())
                        .In(Format("item {}", items[i]))
                        .Hint("restore it from a copy of the vault, or shred it under an authority; "
                              "then `exhibit reseal` goes on"));
      }
      headers.push_back(std::move(*made[i]));
    }
    return headers;
  }

  const WriterHands& hands_;
  const ResealRequest& request_;
  Target target_;
  Pool& pool_;
};

Result<KeyFileSeal> SealOfKeyFile(const ResealRequest& request) {
  TRY(std::vector<seal::Recipient> readers, RecipientsOf(request.readers));
  EXHIBIT_ASSERT(!readers.empty() || request.passphrase != nullptr);
  return KeyFileSeal{std::move(readers), request.passphrase, request.work};
}

// The identity of the vault's present key, among those that its file holds.
Result<const seal::Identity*> FindPresent(const WriterHands& hands, seal::Identities keys) {
  const custody::VaultRecipient& wanted = PresentKey(hands).recipient;
  for (const seal::Identity& key : keys) {
    const auto recipient = VaultRecipientOf(key);
    if (recipient && *recipient == wanted) return &key;
  }
  return Fail(ErrorCode::kDenied, "the vault's key file does not hold the key that the log names: " + wanted.text(),
              "restore keys/reader.age from a copy of the vault");
}

custody::Reseal BodyFor(ResealRequest::Earlier earlier) {
  custody::Reseal body;
  if (earlier == ResealRequest::Earlier::kDestroy) body.destroy = custody::Yes{};
  return body;
}

Result<Resealed> GoOn(const WriterHands& hands, const ResealRequest& request, const std::vector<tlog::Sequence>& items,
                      ResealRequest::Earlier earlier, Pool& pool) {
  TRY(const seal::Identity* const present, FindPresent(hands, request.keys));
  TRY(seal::Recipient recipient, seal::RecipientOf(*present));
  const custody::Reseal more = BodyFor(earlier);
  custody::Reseal first = more;
  // The index has a row for entry 0 under an entry that names the file of the vault's key; it stays the same file.
  if (!items.empty() && items.front().value == 0) {
    TRY(const KeyFileLook look, LookAtKeyFile(hands.paths.reader_key));
    first.key_file = look.digest;
  }
  return Resealing(hands, request, {*present, std::move(recipient)}, pool).Run(items, std::move(first), more);
}

// A new key, which the file of the vault's key holds before those that were there.
Result<Resealed> MoveToNewKey(const WriterHands& hands, const ResealRequest& request, Pool& pool) {
  TRY(seal::Identity fresh, NewKey(request.suite.value_or(PresentKey(hands).recipient.suite())));
  VaultKeys all;
  all.push_back(std::move(fresh));
  for (const seal::Identity& key : request.keys) {
    TRY(seal::Identity copy, CopyOf(key));
    all.push_back(std::move(copy));
  }
  TRY(seal::Recipient recipient, seal::RecipientOf(all.front()));
  TRY(const KeyFileSeal seal, SealOfKeyFile(request));
  const std::uint64_t end = hands.appender.next_sequence().value;
  TRY(const std::vector<tlog::Sequence> items,
      SealedUpTo(hands, end, std::vector<bool>(static_cast<std::size_t>(end))));
  const custody::Reseal more = BodyFor(request.earlier);
  custody::Reseal first = more;
  TRY(first.recipient, VaultRecipientOf(all.front()));
  // Whether it may be done is asked before anything is written.
  TRY_VOID(hands.appender.MayCommit({first, request.fields, {}, request.cosigner}));
  TRY(const custody::KeyFileDigest next, key_files::PrepareReaderKey(hands.paths, all, seal));
  first.key_file = next;
  Resealing resealing(hands, request, {all.front(), std::move(recipient)}, pool);
  auto resealed = resealing.Run(items, std::move(first), more);
  // After an error of a later group, too. If the first entry is stored and not acknowledged, the next writer puts the file in
  // its place: until then it stays where it is.
  if (hands.appender.state().facts().key_file == next)
    TRY_VOID(key_files::FinishReaderKeys(hands.paths, hands.appender.state().facts()));
  return resealed;
}

}  // namespace

Result<bool> IsResealing(VaultWriter& vault) {
  TRY(const std::vector<tlog::Sequence> left, LeftToReseal(WriterHands::Of(vault)));
  return !left.empty();
}

Result<Resealed> Reseal(VaultWriter& vault, const ResealRequest& request, Pool& pool) {
  EXHIBIT_ASSERT(request.group > 0 && request.group <= custody::Reseal::kMaxItems && !request.keys.empty());
  const WriterHands hands = WriterHands::Of(vault);
  TRY(const std::vector<tlog::Sequence> left, LeftToReseal(hands));
  return left.empty() ? MoveToNewKey(hands, request, pool) : GoOn(hands, request, left, request.earlier, pool);
}

Result<Resealed> DestroyEarlierHeaders(VaultWriter& vault, const ResealRequest& request, Pool& pool) {
  EXHIBIT_ASSERT(request.group > 0 && request.group <= custody::Reseal::kMaxItems && !request.keys.empty());
  const WriterHands hands = WriterHands::Of(vault);
  const custody::VaultKey& present = PresentKey(hands);
  TRY(const std::vector<bool> is_done, DoneSince(hands, present.since, ResealRequest::Earlier::kDestroy));
  TRY(const std::vector<tlog::Sequence> items, SealedUpTo(hands, present.since.value, is_done));
  TRY(const std::uint64_t late, CountLate(hands));
  if (items.empty() && late > 0) {
    return Fail(
        ErrorCode::kInvalid,
        Format("{} taken in after the present key and sealed to an earlier one alone, and the rules name no header "
               "of theirs for the present key",
               Counted(late, "item was", "items were")),
        "exhibit reseal --destroy makes another key, which they are sealed to");
  }
  if (items.empty()) {
    return Fail(ErrorCode::kNotFound, "no item has a header for an earlier key of the vault",
                "exhibit reseal makes another key first");
  }
  TRY(Resealed resealed, GoOn(hands, request, items, ResealRequest::Earlier::kDestroy, pool));
  resealed.late = late;
  return resealed;
}

Result<store::Committed> RetireEarlierKeys(VaultWriter& vault, const ResealRequest& request) {
  const WriterHands hands = WriterHands::Of(vault);
  TRY(const std::vector<tlog::Sequence> left, LeftToReseal(hands));
  TRY(const std::uint64_t late, CountLate(hands));
  if (!left.empty() || late > 0) {
    return Fail(ErrorCode::kInvalid,
                Format("{} sealed to an earlier key alone, which nobody could open any more",
                       Counted(left.size() + late, "item is", "items are")),
                left.empty() ? "exhibit reseal makes another key, and seals them to that too"
                             : "end the reseal that was begun: exhibit reseal");
  }
  TRY(const seal::Identity* const present, FindPresent(hands, request.keys));
  TRY(const KeyFileSeal seal, SealOfKeyFile(request));
  custody::Reseal reseal;
  reseal.key_file.emplace();
  TRY_VOID(hands.appender.MayCommit({reseal, request.fields, {}, request.cosigner}));
  TRY(reseal.key_file, key_files::PrepareReaderKey(hands.paths, {present, 1}, seal));
  TRY(store::Committed committed, hands.appender.CommitAct({std::move(reseal), request.fields, {}, request.cosigner}));
  TRY_VOID(key_files::FinishReaderKeys(hands.paths, vault.state().facts()));
  return committed;
}

}  // namespace exhibit::work

#include "vault/work/reseal.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/session/key_files.h"
#include "vault/session/opening.h"
#include "vault/session/writer_hands.h"
#include "vault/verify/file_key.h"
#include "vault/verify/read_entry.h"
#include "vault/work/change_readers.h"

namespace exhibit::work {
namespace {

// Copies it through its text, because a secret cannot be copied.
Result<seal::X25519Identity> CopyOf(const seal::X25519Identity& identity) {
  const crypto::SecretText text = identity.ToSecretText();
  return seal::X25519Identity::Parse(text.ExposeSecret());
}

// A header for `to` instead of the original, checked by opening it as a reader will: the secret that opened
// the original may be gone by then.
Result<Bytes> Rewrap(const verify::LogSource& source, tlog::Sequence item, seal::Identities keys,
                     const seal::X25519Identity& to) {
  TRY(const custody::SignedEntry entry, verify::ReadEntryAt(source, item));
  const custody::SealedFile* const file = custody::SealedFileOf(entry.parsed().body);
  if (file == nullptr) return Fail(ErrorCode::kTampered, "it has no sealed file");
  TRY(const Bytes header, source.ReadHeader(item));
  if (custody::DigestOfHeader(header) != file->header) {
    return Fail(ErrorCode::kTampered, "its age header is not the one that was signed");
  }
  TRY(const seal::ParsedHeader original, seal::ParseHeader(header));
  TRY(const seal::FileKey file_key, verify::OpenFileKey(source, item, original.header, keys));
  Bytes made = seal::SealHeader(file_key, {&to.recipient(), 1});
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(made));
  TRY(const seal::FileKey again, seal::OpenHeader(parsed.header, {&to, 1}));
  TRY_VOID(seal::CheckHeaderMac(original.header, again));
  return made;
}

// Sealed files, neither shredded nor sealed to this key. REQUIRES: it is the present key, or a new one.
Result<std::vector<tlog::Sequence>> ItemsToReseal(const WriterHands& hands, const seal::X25519Recipient& to) {
  const custody::Facts& facts = hands.appender.state().facts();
  const custody::VaultKey& present = facts.vault_keys.back();
  const std::uint64_t end = to == present.recipient ? present.since.value : hands.appender.next_sequence().value;
  std::vector<bool> is_done(static_cast<std::size_t>(end));
  for (const auto& [item, under] : facts.shredded) {
    if (item < end) is_done[static_cast<std::size_t>(item)] = true;
  }
  TRY(const auto rows, hands.store.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::ToText(custody::EntryType::kReseal)) continue;
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(hands.store, row.sequence));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    if (reseal == nullptr || reseal->recipient != to || !reseal->items) continue;
    for (const tlog::Sequence item : reseal->items->Items()) {
      if (item.value < end) is_done[static_cast<std::size_t>(item.value)] = true;
    }
  }
  std::vector<tlog::Sequence> items;
  for (std::uint64_t at = 1; at < end; ++at) {
    if (is_done[static_cast<std::size_t>(at)]) continue;
    TRY(const custody::NamedItem named, opening::NamedItemIn(hands.store, {at}));
    if (named.kind == custody::NamedItem::Kind::kSealed) items.push_back({at});
  }
  return items;
}

// Whether a reseal was begun and not ended.
Result<bool> IsResealing(const WriterHands& hands) {
  const custody::Facts& facts = hands.appender.state().facts();
  if (facts.vault_keys.size() == 1) return false;
  TRY(const auto items, ItemsToReseal(hands, facts.vault_keys.back().recipient));
  return !items.empty();
}

// The key that a reseal moves to.
struct KeyChange {
  const seal::X25519Identity* to = nullptr;
  seal::Identities after = {};  // those of the key file after the group; empty: unchanged
};

Result<store::Committed> ResealGroup(const WriterHands& hands, const ResealRequest& request, const KeyChange& change,
                                     std::span<const tlog::Sequence> items, Pool& pool) {
  std::vector<Result<Bytes>> made(items.size());
  pool.ForEach(items.size(), [&](std::size_t i) { made[i] = Rewrap(hands.store, items[i], request.keys, *change.to); });
  custody::Reseal reseal{change.to->recipient()};
  std::vector<Bytes> headers;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!made[i]) {
      return Fail(Error(std::move(made[i]).error())
                      .In(Format("item {}", items[i]))
                      .Hint("restore it from a copy of the vault, or shred it under an authority; "
                            "then `exhibit reseal` goes on"));
    }
    reseal.headers.push_back(custody::DigestOfHeader(*made[i]));
    headers.push_back(std::move(*made[i]));
  }
  if (!items.empty()) {
    TRY(reseal.items, custody::ItemSet::Of({items.begin(), items.end()}));
  }
  TRY_VOID(hands.appender.MayCommit(reseal, request.cosigner));
  if (!change.after.empty()) {
    const KeyFileSeal seal{RecipientsOf(hands.appender.state().facts().PresentReaders()), request.passphrase,
                           request.work};
    TRY(reseal.key_file, key_files::PrepareReaderKey(hands.paths, change.after, seal));
  }
  TRY(store::Committed committed, hands.appender.CommitReseal(std::move(reseal), headers, request.cosigner));
  if (!change.after.empty()) TRY_VOID(key_files::PutNextReaderKeyInPlace(hands.paths));
  return committed;
}

}  // namespace

Result<bool> IsResealing(VaultWriter& vault) { return IsResealing(WriterHands::Of(vault)); }

Result<Resealed> Reseal(VaultWriter& vault, const ResealRequest& request, Pool& pool) {
  EXHIBIT_ASSERT(request.group > 0 && request.group <= custody::Reseal::kMaxItems && !request.keys.empty());
  const WriterHands hands = WriterHands::Of(vault);
  TRY(const bool goes_on, IsResealing(hands));
  // The new key alone, and with those before it.
  VaultKeys all;
  if (!goes_on) all.push_back(seal::X25519Identity::Generate());
  for (const seal::X25519Identity& key : request.keys) {
    TRY(seal::X25519Identity copy, CopyOf(key));
    all.push_back(std::move(copy));
  }
  const seal::X25519Recipient wanted = goes_on ? hands.appender.state().recipient() : all.front().recipient();
  const auto to = std::ranges::find(all, wanted, [](const seal::X25519Identity& key) { return key.recipient(); });
  if (to == all.end()) {
    return Fail(ErrorCode::kDenied, "the vault's key file does not hold the key that the log names: " + wanted.ToText(),
                "restore keys/reader.age from a copy of the vault");
  }
  TRY(const std::vector<tlog::Sequence> items, ItemsToReseal(hands, wanted));
  Resealed resealed{{}, 0, wanted, vault.head()};
  bool is_first = !goes_on;
  do {
    TRY_VOID(StopIfAsked(request.interrupted));
    const auto rest = std::span(items).subspan(static_cast<std::size_t>(resealed.items));
    const auto group = rest.first(std::min(request.group, rest.size()));
    const bool is_last = resealed.items + group.size() == items.size();
    KeyChange change{&*to, {}};
    if (is_last) {
      change.after = {&*to, 1};
    } else if (is_first) {
      change.after = all;
    }
    TRY(store::Committed committed, ResealGroup(hands, request, change, group, pool));
    is_first = false;
    resealed.entries.push_back(committed.first);
    resealed.items += group.size();
    resealed.checkpoint = std::move(committed.checkpoint);
    if (request.on_progress) request.on_progress(resealed.items, items.size());
  } while (resealed.items < items.size());
  return resealed;
}

}  // namespace exhibit::work

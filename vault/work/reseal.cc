// Changes who reads: seals the file of the vault key to other readers, and moves the vault to another vault key.
//
// Each change is an entry and a file that replaces another. The file is ready and synced first,
// under another name; then the entry names its digest; then it is renamed. So the next writer after a crash
// knows from the log whether the file that is ready is wanted.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "vault/base/file.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/session/opening.h"
#include "vault/verify/file_key.h"
#include "vault/verify/read_entry.h"

namespace exhibit {

namespace fs = std::filesystem;

namespace {

// Copies it through its text, because a secret cannot be copied.
Result<seal::X25519Identity> CopyOf(const seal::X25519Identity& identity) {
  const crypto::SecretText text = identity.ToSecretText();
  return seal::X25519Identity::Parse(text.ExposeSecret());
}

std::vector<seal::X25519Recipient> RecipientsOf(const std::vector<custody::Reader>& readers) {
  std::vector<seal::X25519Recipient> recipients;
  for (const custody::Reader& reader : readers) recipients.push_back(reader.recipient);
  return recipients;
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

}  // namespace

// The key that a reseal moves to.
struct VaultWriter::KeyChange {
  const seal::X25519Identity* to = nullptr;
  seal::Identities after = {};  // those of the key file after the group; empty: unchanged
};

namespace opening {

Result<void> PutNextKeyFileInPlace(const VaultPaths& paths) {
  TRY_VOID(AllowNextKeyFile(paths.reader_key, paths.next_reader_key));
  const FileDescriptor old(::open(paths.reader_key.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (::rename(paths.next_reader_key.c_str(), paths.reader_key.c_str()) != 0) {
    return Fail(SystemError("rename to", paths.reader_key, errno));
  }
  TRY_VOID(SyncFolder(paths.reader_key.parent_path()));
  // Not earlier: until the new name is durable, a power cut brings the old file back, and it must be whole.
  if (old) TRY_VOID(OverwriteFile(old, paths.reader_key));
  return NoteKeyFile(paths.reader_key);
}

Result<void> FinishKeyFile(const VaultPaths& paths, const std::optional<crypto::Sha256Digest>& named) {
  const auto next = ReadFile(paths.next_reader_key, 1 << 20);
  if (!next && next.error().code == ErrorCode::kNotFound) return {};
  if (next && named && crypto::Sha256(*next) == *named) return PutNextKeyFileInPlace(paths);
  if (::unlink(paths.next_reader_key.c_str()) != 0) return Fail(SystemError("remove", paths.next_reader_key, errno));
  return SyncFolder(paths.reader_key.parent_path());
}

}  // namespace opening

Result<crypto::Sha256Digest> VaultWriter::PrepareKeyFile(seal::Identities keys, const KeyFileSeal& seal) const {
  TRY(const Bytes file, SealKeyFile(keys, seal));
  TRY_VOID(WriteNewFile(paths_.next_reader_key, file, 0600));
  TRY(const Bytes written, ReadFile(paths_.next_reader_key, 1 << 20));
  if (Equal(written, file)) return crypto::Sha256(file);
  return Fail(ErrorCode::kTampered, Printable(paths_.next_reader_key.native()) + " is not what was written",
              "the disk or the memory of this machine is failing; nothing was signed");
}

Result<store::Committed> VaultWriter::ChangeReaders(std::vector<custody::Reader> readers, seal::Identities keys,
                                                    const tlog::SigningKey* cosigner) {
  custody::ReaderChange change{std::move(readers), {}};
  TRY_VOID(appender_.MayCommit(change, cosigner));
  TRY(change.key_file, PrepareKeyFile(keys, {RecipientsOf(change.readers)}));
  TRY(store::Committed committed, appender_.CommitAct(std::move(change), cosigner));
  TRY_VOID(opening::PutNextKeyFileInPlace(paths_));
  return committed;
}

Result<std::vector<tlog::Sequence>> VaultWriter::ItemsToReseal(const seal::X25519Recipient& to) const {
  const custody::Facts& facts = appender_.state().facts();
  const custody::VaultKey& present = facts.vault_keys.back();
  const std::uint64_t end = to == present.recipient ? present.since.value : appender_.next_sequence().value;
  std::vector<bool> is_done(static_cast<std::size_t>(end));
  for (const auto& [item, under] : facts.shredded) {
    if (item < end) is_done[static_cast<std::size_t>(item)] = true;
  }
  TRY(const auto rows, store_->ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::ToText(custody::EntryType::kReseal)) continue;
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(*store_, row.sequence));
    const auto* const reseal = std::get_if<custody::Reseal>(&entry.parsed().body);
    if (reseal == nullptr || reseal->recipient != to || !reseal->items) continue;
    for (const tlog::Sequence item : reseal->items->Items()) {
      if (item.value < end) is_done[static_cast<std::size_t>(item.value)] = true;
    }
  }
  std::vector<tlog::Sequence> items;
  for (std::uint64_t at = 1; at < end; ++at) {
    if (is_done[static_cast<std::size_t>(at)]) continue;
    TRY(const custody::NamedItem named, opening::NamedItemIn(*store_, {at}));
    if (named.kind == custody::NamedItem::Kind::kSealed) items.push_back({at});
  }
  return items;
}

Result<bool> VaultWriter::IsResealing() const {
  const custody::Facts& facts = appender_.state().facts();
  if (facts.vault_keys.size() == 1) return false;
  TRY(const auto items, ItemsToReseal(facts.vault_keys.back().recipient));
  return !items.empty();
}

Result<store::Committed> VaultWriter::ResealGroup(const ResealRequest& request, const KeyChange& change,
                                                  std::span<const tlog::Sequence> items, Pool& pool) {
  std::vector<Result<Bytes>> made(items.size());
  pool.ForEach(items.size(), [&](std::size_t i) { made[i] = Rewrap(*store_, items[i], request.keys, *change.to); });
  custody::Reseal reseal{change.to->recipient()};
  std::vector<Bytes> headers;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!made[i]) {
      return Fail(Error(std::move(made[i]).error())
                      .In("item " + std::to_string(items[i].value))
                      .Hint("restore it from a copy of the vault, or shred it under an authority; "
                            "then `exhibit reseal` goes on"));
    }
    reseal.headers.push_back(custody::DigestOfHeader(*made[i]));
    headers.push_back(std::move(*made[i]));
  }
  if (!items.empty()) {
    TRY(reseal.items, custody::ItemSet::Of({items.begin(), items.end()}));
  }
  TRY_VOID(appender_.MayCommit(reseal, request.cosigner));
  if (!change.after.empty()) {
    const KeyFileSeal seal{RecipientsOf(appender_.state().facts().PresentReaders()), request.passphrase, request.work};
    TRY(reseal.key_file, PrepareKeyFile(change.after, seal));
  }
  TRY(store::Committed committed, appender_.CommitReseal(std::move(reseal), headers, request.cosigner));
  if (!change.after.empty()) TRY_VOID(opening::PutNextKeyFileInPlace(paths_));
  return committed;
}

Result<VaultWriter::Resealed> VaultWriter::Reseal(const ResealRequest& request, Pool& pool) {
  EXHIBIT_ASSERT(request.group > 0 && request.group <= custody::Reseal::kMaxItems && !request.keys.empty());
  TRY(const bool goes_on, IsResealing());
  // The new key alone, and with those before it.
  VaultKeys all;
  if (!goes_on) all.push_back(seal::X25519Identity::Generate());
  for (const seal::X25519Identity& key : request.keys) {
    TRY(seal::X25519Identity copy, CopyOf(key));
    all.push_back(std::move(copy));
  }
  const seal::X25519Recipient wanted = goes_on ? appender_.state().recipient() : all.front().recipient();
  const auto to = std::ranges::find(all, wanted, [](const seal::X25519Identity& key) { return key.recipient(); });
  if (to == all.end()) {
    return Fail(ErrorCode::kDenied, "the vault's key file does not hold the key that the log names: " + wanted.ToText(),
                "restore keys/reader.age from a copy of the vault");
  }
  TRY(const std::vector<tlog::Sequence> items, ItemsToReseal(wanted));
  Resealed resealed{{}, 0, wanted, head()};
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
    TRY(store::Committed committed, ResealGroup(request, change, group, pool));
    is_first = false;
    resealed.entries.push_back(committed.first);
    resealed.items += group.size();
    resealed.checkpoint = std::move(committed.checkpoint);
    if (request.on_progress) request.on_progress(resealed.items, items.size());
  } while (resealed.items < items.size());
  return resealed;
}

}  // namespace exhibit

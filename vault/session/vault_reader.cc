#include "vault/session/vault_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <thread>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"
#include "vault/seal/layout.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"
#include "vault/store/head_check.h"
#include "vault/verify/file_key.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/read_entry.h"

namespace exhibit {

namespace fs = std::filesystem;
using opening::NamedItemIn;
using opening::NotAHead;
using opening::ReadVaultHead;
using opening::RequireVault;

VaultReader::VaultReader(const VaultPaths& paths, std::unique_ptr<store::ReadableStore> store,
                         custody::SignedEntry genesis, Bytes head_note, tlog::Checkpoint head)
    : lock_file_(paths.lock),
      cosigned_folder_(paths.cosigned),
      store_(std::move(store)),
      genesis_(std::move(genesis)),
      head_note_(std::move(head_note)),
      head_(std::move(head)) {}

// A writer that starts or tidies up moves data from one file to another, and a reader that opens at
// that moment can find it in neither. So a fault that is found while somebody writes is checked again;
// a fault that is found while nobody writes is real.
Result<std::unique_ptr<VaultReader>> VaultReader::Open(const fs::path& folder, const OpenOptions& options) {
  TRY_VOID(RequireVault(folder));
  const VaultPaths paths(folder);
  constexpr int kLooks = 40;
  for (int look = 1;; ++look) {
    const LockSign before = LookAtLock(paths.lock);
    auto reader = OpenOnce(paths, options);
    if (reader || look == kLooks) return reader;
    const LockSign after = LookAtLock(paths.lock);
    if (!before.is_held && !after.is_held && before == after) return reader;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Result<VaultReader::Heads> VaultReader::ReadHeads(const VaultPaths& paths) {
  Heads heads;
  TRY(heads.vault, ReadVaultHead(paths.head));
  // Only to find the user's file. Its signature is checked when the genesis is known.
  const auto note = tlog::SignedNote::Parse(heads.vault);
  if (!note) return NotAHead(paths.head, note.error());
  const auto claimed = tlog::DecodeCheckpoint(note->text());
  if (!claimed) return NotAHead(paths.head, claimed.error());
  const auto user_path = store::UserHeadPath(claimed->origin);
  if (!user_path) {
    heads.remark = "the head cannot be compared with an earlier one: " + user_path.error().message;
    return heads;
  }
  heads.user_file = store::HeadFile(*user_path);
  TRY(heads.user, heads.user_file.Read());
  TRY(heads.vault, ReadVaultHead(paths.head));
  return heads;
}

Result<std::unique_ptr<VaultReader>> VaultReader::OpenOnce(const VaultPaths& paths, const OpenOptions& options) {
  TRY(Heads heads, ReadHeads(paths));
  TRY(auto store, opening::OpenToRead(paths, options.engine));
  TRY(custody::SignedEntry genesis, store::ReadGenesis(*store));
  TRY(const custody::LogKeys keys, opening::ReadLogKeys(*store, genesis));
  auto head = keys.Open(heads.vault);
  if (!head) return NotAHead(paths.head, head.error());
  if (head->origin != genesis.parsed().origin || head->size.value == 0) {
    return NotAHead(paths.head, {ErrorCode::kTampered, "of another origin, or of no entries", {}});
  }
  TRY_VOID(store::CheckHead(*store, *head));
  auto reader = std::unique_ptr<VaultReader>(
      new VaultReader(paths, std::move(store), std::move(genesis), std::move(heads.vault), std::move(*head)));
  TRY_VOID(reader->CompareWithPins(options, keys));
  if (heads.remark.empty()) {
    TRY_VOID(reader->CompareWithUserHead(paths.head.parent_path(), heads, keys));
  } else {
    reader->remarks_.push_back(std::move(heads.remark));
  }
  return reader;
}

Result<void> VaultReader::CompareWithPins(const OpenOptions& options, const custody::LogKeys& keys) const {
  for (const fs::path& pin : options.pins) {
    TRY(Bytes note, ReadFile(pin, store::kMaxHeadBytes));
    TRY_VOID(
        verify::CheckKept(*this, head_, keys, {verify::KeptCheckpoint::Use::kCompare, pin.native(), std::move(note)}));
  }
  return {};
}

Result<void> VaultReader::CompareWithUserHead(const fs::path& folder, const Heads& heads,
                                              const custody::LogKeys& keys) {
  const store::HeadFile& file = heads.user_file;
  const std::string where = Printable(file.path().native());
  if (heads.user) {
    // We wrote it, so the log key of this origin signed it, whichever key that was.
    if (!keys.Open(*heads.user)) {
      return Fail(
          ErrorCode::kTampered,
          Format("this is another vault of the same origin: the head kept in {} is not signed by its log key", where),
          "keep both: together they prove that the vault was replaced");
    }
    TRY(const tlog::Checkpoint kept,
        verify::CheckKept(*this, head_, keys,
                          {verify::KeptCheckpoint::Use::kCompare, file.path().native(), *heads.user}));
    if (kept.size.value > 0) kept_before_ = file.path();
    if (kept.size == head_.size) return {};
  } else {
    remarks_.push_back("this vault is seen by this user for the first time; its head is kept from now on in " + where);
  }
  const auto keep = [&]() -> Result<void> {
    // A writer may have replaced the head and not synced it yet. If this user kept it now
    // and a power cut removed it there, an honest vault would look rolled back.
    if (!IsOnReadOnlyMedium(folder)) TRY_VOID(SyncFolder(folder));
    return file.ReplaceIfStill(heads.user, head_note_);
  };
  const auto kept = keep();
  if (!kept) remarks_.push_back("the head could not be kept: " + kept.error().message);
  return {};
}

Result<Bytes> VaultReader::ReadEntry(tlog::Sequence sequence) const {
  if (sequence.value >= head_.size.value) {
    return Fail(ErrorCode::kNotFound, Format("no entry {}: the log has {} entries, from 0", sequence, head_.size));
  }
  return store_->ReadEntry(sequence);
}

Result<custody::SignedEntry> VaultReader::Entry(tlog::Sequence sequence) const {
  return verify::ReadEntryAt(*this, sequence);
}

Result<std::vector<verify::MediumFault>> VaultReader::LookAtMedium() const {
  TRY(std::vector<verify::MediumFault> faults, store_->CheckMedium());
  for (const fs::path& folder : {lock_file_.parent_path() / "keys", cosigned_folder_}) {
    TRY(auto more, store::FolderSums(folder).Check());
    std::ranges::move(more, std::back_inserter(faults));
  }
  std::error_code error;
  for (fs::directory_iterator file(lock_file_.parent_path(), error), end; !error && file != end;
       file.increment(error)) {
    const std::string name = file->path().filename().native();
    constexpr std::array<std::string_view, 5> kOurs = {"HEAD", "LOCK", "cosigned", "keys", "store"};
    if (std::ranges::find(kOurs, name) != kOurs.end()) continue;
    faults.push_back({verify::MediumFault::Weight::kRemark, Printable(name) + " is no part of the vault"});
  }
  if (error) return Fail(SystemError("list", lock_file_.parent_path(), error.value()));
  return faults;
}

// A writer changes the store's files during the check: a fault that is found then is checked again.
Result<std::vector<verify::MediumFault>> VaultReader::CheckMedium() const {
  using verify::MediumFault;
  constexpr int kLooks = 20;
  for (int look = 1;; ++look) {
    const LockSign before = LookAtLock(lock_file_);
    auto faults = LookAtMedium();
    const LockSign after = LookAtLock(lock_file_);
    const bool is_quiet = !before.is_held && !after.is_held && before == after;
    if (is_quiet || (faults && faults->empty())) return faults;
    if (look == kLooks) {
      return std::vector{MediumFault{MediumFault::Weight::kRemark,
                                     "another process is writing: the store's files were not checked as a whole"}};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Result<custody::LogKeys> VaultReader::ReadLogKeys() const { return opening::ReadLogKeys(*store_, genesis_); }

Result<custody::State> VaultReader::State() const {
  TRY(const auto rows, store_->ReadActs({custody::kStateSubject, custody::kStateSubject}));
  std::vector<custody::SignedEntry> acts;
  for (const custody::ActRow& row : rows) {
    if (row.sequence.value >= head_.size.value) break;  // not acknowledged
    TRY(custody::SignedEntry entry, Entry(row.sequence));
    acts.push_back(std::move(entry));
  }
  TRY(const custody::SignedEntry last, Entry({head_.size.value - 1}));
  auto state = custody::State::Resume(genesis_, acts, last,
                                      [store = store_.get()](tlog::Sequence at) { return NamedItemIn(*store, at); });
  if (!state) {
    return Fail(Error(std::move(state).error())
                    .Hint("`exhibit verify --log` tells whether the log is damaged, or only the index of its acts"));
  }
  return state;
}

namespace {

struct OpenedItem {
  seal::PayloadLayout layout;
  seal::PayloadKey key;
};

// The item's key, from a header that is the one its entry names.
Result<OpenedItem> OpenItem(const VaultReader& vault, const custody::SignedEntry& entry, seal::Identities keys) {
  const custody::SealedFile* const file = custody::SealedFileOf(entry.parsed().body);
  if (file == nullptr) {
    return Fail(ErrorCode::kInvalid, "holds no sealed file: it is of type " +
                                         std::string(custody::ToText(custody::TypeOf(entry.parsed().body))));
  }
  const tlog::Sequence sequence = entry.parsed().sequence;
  TRY(const seal::FileKey file_key, verify::OpenFileKey(vault, sequence, *file, keys));
  TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Create(file->payload_bytes, file->tail_bytes));
  TRY(const Bytes nonce_bytes, vault.ReadPayload(sequence, layout.block(0).range()));
  const auto nonce = seal::PayloadNonce::From(nonce_bytes);
  EXHIBIT_ASSERT(nonce);
  return OpenedItem{layout, seal::DerivePayloadKey(file_key, *nonce)};
}

Result<Bytes> OpenBlock(const VaultReader& vault, tlog::Sequence sequence, const OpenedItem& item,
                        std::uint64_t block) {
  const auto place = item.layout.block(block);
  TRY(const Bytes sealed, vault.ReadPayload(sequence, place.range()));
  Bytes plaintext;
  TRY_VOID(seal::ChunkCipher(item.key).Open(place.first_chunk, place.end, sealed, plaintext));
  return plaintext;
}

Result<seal::Metadata> MetadataOf(const VaultReader& vault, tlog::Sequence sequence, const OpenedItem& item) {
  TRY(const Bytes tail, OpenBlock(vault, sequence, item, item.layout.tail_block()));
  TRY(const std::string json, seal::FindMetadata(tail));
  return seal::DecodeMetadata(json);
}

}  // namespace

Result<seal::Metadata> VaultReader::ReadMetadata(const custody::SignedEntry& entry, seal::Identities keys) const {
  const auto read = [&]() -> Result<seal::Metadata> {
    TRY(const OpenedItem item, OpenItem(*this, entry, keys));
    return MetadataOf(*this, entry.parsed().sequence, item);
  };
  auto metadata = read();
  if (!metadata) return Fail(std::move(metadata).error().In(Format("entry {}", entry.parsed().sequence)));
  return metadata;
}

Result<seal::Metadata> VaultReader::OpenContent(const custody::SignedEntry& entry, seal::Identities keys,
                                                const seal::ContentDecoder::Sink& sink) const {
  const auto read = [&]() -> Result<seal::Metadata> {
    TRY(const OpenedItem item, OpenItem(*this, entry, keys));
    TRY(const seal::Metadata metadata, MetadataOf(*this, entry.parsed().sequence, item));
    crypto::Hasher sha256(crypto::HashAlgorithm::kSha256);
    seal::ContentDecoder decoder(metadata.size_bytes, [&](ByteView original) {
      sha256.Update(original);
      return sink(original);
    });
    for (std::uint64_t block = 1; block < item.layout.block_count(); ++block) {
      TRY(const Bytes plaintext, OpenBlock(*this, entry.parsed().sequence, item, block));
      TRY_VOID(decoder.Push(plaintext));
    }
    TRY_VOID(decoder.Finish());
    if (metadata.size_bytes != decoder.original_bytes() || !Equal(sha256.Finish(), metadata.sha256.view())) {
      return Fail(ErrorCode::kTampered, "its content is not the one that its metadata describes");
    }
    return metadata;
  };
  auto metadata = read();
  if (!metadata) return Fail(std::move(metadata).error().In(Format("entry {}", entry.parsed().sequence)));
  return metadata;
}

Result<seal::Metadata> VaultReader::ReadContent(const custody::AccessGrant& grant, const custody::SignedEntry& entry,
                                                seal::Identities keys, const seal::ContentDecoder::Sink& sink) const {
  const tlog::Sequence item = entry.parsed().sequence;
  if (grant.vault() != fingerprint() || grant.way() != custody::Access::Way::kRead || !grant.Covers(item)) {
    return Fail(ErrorCode::kDenied, Format("entry {} does not say that item {} is read", grant.entry(), item));
  }
  return OpenContent(entry, keys, sink);
}

Result<std::string> VaultReader::ReadSealedText(const custody::SignedEntry& entry, seal::Identities keys) const {
  const custody::EntryBody& body = entry.parsed().body;
  if (!std::holds_alternative<custody::Note>(body) && !std::holds_alternative<custody::CaseRecord>(body)) {
    return Fail(ErrorCode::kInvalid,
                Format("entry {} is neither a note nor the dates of a case", entry.parsed().sequence));
  }
  std::string text;
  TRY_VOID(OpenContent(entry, keys, [&](ByteView part) -> Result<void> {
    text += TextOf(part);
    return {};
  }));
  return text;
}

Result<custody::AccessGrant> VaultReader::FindAnnounced(tlog::Sequence sequence, const custody::ItemSet& items,
                                                        const std::vector<std::string>& recipients) const {
  TRY(const custody::SignedEntry entry, Entry(sequence));
  const auto* const access = std::get_if<custody::Access>(&entry.parsed().body);
  if (access != nullptr && access->way == custody::Access::Way::kExport && access->items == items &&
      access->recipients == recipients) {
    return custody::AccessGrant(fingerprint(), sequence, *access);
  }
  return Fail(ErrorCode::kInvalid,
              Format("entry {} does not announce an export of these items to these recipients", sequence),
              "announce it first: exhibit export ... --announce");
}

}  // namespace exhibit

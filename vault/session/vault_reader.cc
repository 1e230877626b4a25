#include "vault/session/vault_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <thread>

#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/key_kind.h"
#include "vault/session/cut_files.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"
#include "vault/store/head_check.h"
#include "vault/store/names.h"
#include "vault/verify/content_check.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit {

namespace fs = std::filesystem;
using opening::NotAHead;
using opening::ReadVaultHead;
using opening::RequireVault;

VaultReader::VaultReader(const VaultPaths& paths, std::unique_ptr<store::ReadableStore> store,
                         custody::SignedEntry genesis, Bytes head_note, tlog::Checkpoint head,
                         verify::LostEntries* lost)
    : lock_file_(paths.lock),
      cosigned_folder_(paths.cosigned),
      lost_(lost),
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
  TRY_VOID(opening::EngineOr(options.engine).Refresh(paths.store, store::HeadFile(paths.head)));
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
  if (head->checkpoint.size.value == 0) return NotAHead(paths.head, {ErrorCode::kTampered, "of no entries", {}});
  TRY_VOID(store::CheckHead(*store, head->checkpoint));
  auto reader = std::unique_ptr<VaultReader>(new VaultReader(
      paths, std::move(store), std::move(genesis), std::move(heads.vault), std::move(head->checkpoint), options.lost));
  reader->remarks_ = opening::EngineOr(options.engine).TakeRemarks();
  for (const std::string& key : head->unchecked) {
    reader->remarks_.push_back(
        Format("the head's signature by {} was not checked: ML-DSA-44 is not in this build", Printable(key)));
  }
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
    TRY_VOID(custody::CheckIsCheckpoint(note, pin.native()));
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
  }
  const auto keep = [&]() -> Result<void> {
    // A writer may have replaced the head and not synced it yet. If this user kept it now
    // and a power cut removed it there, an honest vault would look rolled back.
    if (!IsOnReadOnlyMedium(folder)) TRY_VOID(SyncFolder(folder));
    return file.ReplaceIfStill(heads.user, head_note_);
  };
  const auto kept = keep();
  const std::string first = heads.user ? "" : "this vault is seen by this user for the first time; ";
  if (kept && !heads.user) remarks_.push_back(first + "its head is kept from now on in " + where);
  if (!kept) remarks_.push_back(first + "the head could not be kept: " + kept.error().message);
  return {};
}

Result<void> VaultReader::CheckIsInLog(tlog::Sequence sequence) const {
  if (sequence.value < head_.size.value) return {};
  return Fail(ErrorCode::kNotFound, Format("no entry {}: the log has {} entries, from 0", sequence, head_.size),
              "exhibit list shows the items and their numbers");
}

Result<Bytes> VaultReader::ReadEntry(tlog::Sequence sequence) const {
  TRY_VOID(CheckIsInLog(sequence));
  auto entry = store_->ReadEntry(sequence);
  const bool is_lost = !entry && entry.error().code == ErrorCode::kNotFound;
  if (is_lost && lost_ != nullptr) lost_->Note(sequence);
  return entry;
}

Result<std::uint64_t> VaultReader::CountUnacknowledged() const {
  TRY(const tlog::TreeSize stored, store_->CountEntries());
  return stored.value > head_.size.value ? stored.value - head_.size.value : 0;
}

Result<void> VaultReader::CheckNoHole() const {
  TRY(const tlog::TreeSize stored, store_->CountEntries());
  for (tlog::Sequence at{head_.size.value}; at.value < stored.value; ++at.value) {
    const auto entry = store_->ReadEntry(at);
    if (entry || entry.error().code != ErrorCode::kNotFound) continue;
    std::string loss = store_->DescribeLoss();
    if (!loss.empty()) loss.insert(0, "; ");
    return Fail(ErrorCode::kTampered,
                Format("the store has lost {}, and holds entries after it up to {}: nobody can go on from here{}",
                       NameOf(at), stored.value - 1, loss),
                std::string(store::kHintRestoreStore));
  }
  return {};
}

Result<custody::SignedEntry> VaultReader::Entry(tlog::Sequence sequence) const {
  TRY_VOID(CheckIsInLog(sequence));
  return verify::ReadEntryAt(*this, sequence);
}

Result<std::optional<custody::SignedEntry>> VaultReader::EntryIfHere(tlog::Sequence sequence) const {
  TRY_VOID(CheckIsInLog(sequence));
  return verify::ReadEntryIfHere(*this, sequence);
}

Result<std::vector<verify::MediumFault>> VaultReader::LookAtMedium() const {
  TRY(std::vector<verify::MediumFault> faults, store_->CheckMedium());
  const fs::path keys = lock_file_.parent_path() / "keys";
  if (IsAbsent(keys)) {
    faults.push_back(
        {verify::MediumFault::Weight::kRemark, "keys is missing: without it nobody adds, and no reader reads"});
  }
  for (const fs::path& folder : {keys, cosigned_folder_}) {
    TRY(auto more, store::FolderSums(folder).Check());
    std::ranges::move(more, std::back_inserter(faults));
  }
  TRY(const auto cut, cut_files::RemarksOn(lock_file_.parent_path() / "cut"));
  for (const std::string& remark : cut) faults.push_back({verify::MediumFault::Weight::kRemark, remark});
  std::error_code error;
  for (fs::directory_iterator file(lock_file_.parent_path(), error), end; !error && file != end;
       file.increment(error)) {
    const std::string name = file->path().filename().native();
    constexpr std::array<std::string_view, 6> kOurs = {"HEAD", "LOCK", "cosigned", "cut", "keys", "store"};
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
    if (row.sequence.value == 0) continue;              // the genesis, which is here
    if (row.sequence.value >= head_.size.value) break;  // not acknowledged
    TRY(custody::SignedEntry entry, Entry(row.sequence));
    acts.push_back(std::move(entry));
  }
  TRY(const custody::SignedEntry last, Entry({head_.size.value - 1}));
  auto state = custody::State::Resume(genesis_, acts, last, opening::AskOf(*store_, head_.size));
  if (!state && state.error().code == ErrorCode::kTampered) {
    return Fail(Error(std::move(state).error())
                    .Hint("`exhibit verify --log` tells whether the log is damaged, or only the index of its acts"));
  }
  for (auto lost = state ? state->unread().RangeFrom(0) : std::nullopt; lost && lost_ != nullptr;
       lost = state->unread().RangeFrom(lost->last + 1)) {
    for (std::uint64_t at = lost->first; at <= lost->last; ++at) lost_->Note({at});
  }
  return state;
}

namespace {

Result<void> CheckGrant(const custody::AccessGrant& grant, const VaultReader& vault, tlog::Sequence item) {
  if (grant.vault() == vault.fingerprint() && grant.way() == custody::AccessWay::kRead && grant.Covers(item)) return {};
  return Fail(ErrorCode::kDenied, Format("entry {} does not say that item {} is read", grant.entry(), item));
}

// An item of this vault whose original is in its sealed file.
struct OpenedItem {
  seal::ItemReader reader;
  custody::FieldList fields;
  custody::ItemFacts facts;
};

Result<OpenedItem> OpenItem(const verify::LogSource& vault, const custody::SignedEntry& entry, seal::Identities keys) {
  const custody::Entry& parsed = entry.parsed();
  if (custody::FormOf(parsed.body).sealed != custody::SealedRule::kContent || !parsed.sealed) {
    return Fail(ErrorCode::kInvalid, Format("has no original: it is of type {}", custody::FormOf(parsed.body).type));
  }
  TRY(seal::ItemReader reader, verify::OpenSealed(vault, parsed.sequence, *parsed.sealed, keys));
  TRY(custody::FieldList fields, verify::FieldsOf(reader, parsed.sequence, *parsed.sealed));
  custody::ItemFacts facts = custody::ItemFactsIn(fields);
  if (facts.state && facts.state->content == custody::ContentPlace::kElsewhere) {
    return Fail(ErrorCode::kInvalid, "its original is kept elsewhere; here are its fields alone");
  }
  return OpenedItem{std::move(reader), std::move(fields), std::move(facts)};
}

}  // namespace

Result<custody::FieldList> VaultReader::ReadFields(const custody::SignedEntry& entry, seal::Identities keys) const {
  const custody::Entry& parsed = entry.parsed();
  if (!parsed.sealed) {
    return Fail(ErrorCode::kNotFound, Format("{} has no sealed file: it is of type {}", NameOf(parsed.sequence),
                                             custody::FormOf(parsed.body).type));
  }
  auto fields = verify::ReadFields(*this, parsed.sequence, *parsed.sealed, keys);
  if (!fields) return Fail(std::move(fields).error().In(NameOf(parsed.sequence)));
  return fields;
}

Result<custody::ItemFacts> VaultReader::ReadContent(const custody::AccessGrant& grant,
                                                    const custody::SignedEntry& entry, seal::Identities keys,
                                                    const seal::ItemReader::Sink& sink) const {
  const auto read = [&]() -> Result<custody::ItemFacts> {
    TRY(OpenedItem item, OpenItem(*this, entry, keys));
    TRY_VOID(verify::CheckContent(item.reader, item.fields, sink, nullptr));
    return std::move(item.facts);
  };
  TRY_VOID(CheckGrant(grant, *this, entry.parsed().sequence));
  auto facts = read();
  if (!facts) return Fail(std::move(facts).error().In(NameOf(entry.parsed().sequence)));
  return facts;
}

Result<custody::ItemFacts> VaultReader::ReadContentRange(const custody::AccessGrant& grant,
                                                         const custody::SignedEntry& entry, seal::Identities keys,
                                                         ByteRange range, const seal::ItemReader::Sink& sink) const {
  const auto read = [&]() -> Result<custody::ItemFacts> {
    TRY(OpenedItem item, OpenItem(*this, entry, keys));
    TRY_VOID(item.reader.ReadRange(range, sink));
    return std::move(item.facts);
  };
  TRY_VOID(CheckGrant(grant, *this, entry.parsed().sequence));
  auto facts = read();
  if (!facts) return Fail(std::move(facts).error().In(NameOf(entry.parsed().sequence)));
  return facts;
}

}  // namespace exhibit

#include "vault/store/object_engine.h"

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/store/object_vault_store.h"
#include "vault/tlog/note.h"

namespace exhibit::store {

namespace fs = std::filesystem;

namespace {

fs::path JournalIn(const fs::path& folder) { return folder / "journal"; }

// The size of the log that the head claims; nothing if that cannot be read.
std::optional<tlog::TreeSize> SizeIn(const std::optional<Bytes>& head) {
  if (!head) return std::nullopt;
  const auto note = tlog::SignedNote::Parse(*head);
  if (!note) return std::nullopt;
  const auto claimed = tlog::DecodeCheckpoint(note->text());
  return claimed ? std::optional(claimed->size) : std::nullopt;
}

}  // namespace

Result<std::shared_ptr<ObjectLog>> ObjectEngine::LogAsOfNow(const fs::path& folder) const {
  const std::lock_guard lock(mutex_);
  if (log_ == nullptr || folder_ != folder) {
    TRY_VOID(CreateFolders(folder));
    log_ = std::make_shared<ObjectLog>(VaultObjects(buckets_, patience_), folder);
    folder_ = folder;
    is_fresh_ = false;
  }
  if (!is_fresh_) TRY_VOID(log_->CatchUp());
  return log_;
}

Result<std::unique_ptr<Store>> ObjectEngine::Create(const fs::path& folder) const {
  const VaultObjects objects(buckets_, patience_);
  TRY_VOID(objects.CreateSettings(settings_));
  return Open(folder);
}

Result<std::unique_ptr<Store>> ObjectEngine::Open(const fs::path& folder) const {
  TRY(auto log, LogAsOfNow(folder));
  auto store = std::make_unique<ObjectVaultStore>(std::move(log), ObjectVaultStore::Mode::kWrite, JournalIn(folder));
  TRY_VOID(store->EndJournal());
  const std::lock_guard lock(mutex_);
  is_fresh_ = false;
  return store;
}

Result<std::unique_ptr<ReadableStore>> ObjectEngine::OpenForReading(const fs::path& folder) const {
  TRY(auto log, LogAsOfNow(folder));
  return std::make_unique<ObjectVaultStore>(std::move(log), ObjectVaultStore::Mode::kRead, JournalIn(folder));
}

Result<void> ObjectEngine::Refresh(const fs::path& folder, const HeadFile& head) const {
  TRY(const auto log, [&]() -> Result<std::shared_ptr<ObjectLog>> {
    {
      const std::lock_guard lock(mutex_);
      is_fresh_ = false;
    }
    return LogAsOfNow(folder);
  }());
  {
    const std::lock_guard lock(mutex_);
    is_fresh_ = true;
  }
  TRY(const auto before, head.Read());
  // A head is never replaced by another of its size; whether it is this log's, whoever opens the vault compares.
  const auto size = SizeIn(before);
  if (size && size == log->entries()) {
    log->NoteAcknowledged(*size);
    return {};
  }
  TRY(const auto newest, log->NewestHead());
  if (!newest) {
    return Fail(
        ErrorCode::kTampered,
        Format("{} holds no signed checkpoint: it lost them, or an init there was cut short", log->objects().Name()),
        "if a vault was there, keep the bucket as it is, and compare with other copies; else choose another prefix");
  }
  log->NoteAcknowledged(log->Look([&](const CommitIndex& index) { return index.EndOf(newest->commit); }));
  if (before && Equal(*before, newest->note)) return {};
  TRY_VOID(CreateFolders(head.path().parent_path()));
  return head.ReplaceIfStill(before, newest->note);
}

std::vector<std::string> ObjectEngine::TakeRemarks() const {
  const std::lock_guard lock(mutex_);
  return log_ == nullptr ? std::vector<std::string>() : log_->TakeRemarks();
}

}  // namespace exhibit::store

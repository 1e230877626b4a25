// Cosignatures of witnesses, kept beside the head. Verifiers believe the head because of them; the
// vault itself does not need them.
#include "vault/base/file.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"
#include "vault/tlog/note.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit {

std::filesystem::path VaultReader::CosignedPath() const { return cosigned_folder_ / std::to_string(head_.size.value); }

Result<Bytes> VaultReader::ReadHead() const {
  TRY(const auto cosigned, store::HeadFile(CosignedPath()).Read());
  if (!cosigned) return head_note_;
  // Anybody who can write the folder can put anything there: a file that is not this head with the log's signature
  // is ignored. The verifier checks the lines of witnesses, because it knows their keys.
  const auto note = tlog::SignedNote::Parse(*cosigned);
  const auto head = tlog::SignedNote::Parse(head_note_);
  if (!note || !head || note->text() != head->text()) return head_note_;
  TRY(const custody::LogKeys keys, ReadLogKeys());
  if (!keys.Open(*cosigned)) return head_note_;
  return *cosigned;
}

Result<std::vector<verify::KeptCheckpoint>> VaultReader::ReadCosigned() const {
  std::vector<verify::KeptCheckpoint> cosigned;
  if (IsAbsent(cosigned_folder_)) return cosigned;
  std::error_code error;
  for (std::filesystem::directory_iterator file(cosigned_folder_, error), end; !error && file != end;
       file.increment(error)) {
    if (file->path().filename() == "SHA256SUMS") continue;
    auto note = ReadFile(file->path(), store::kMaxHeadBytes);
    if (!note && note.error().code == ErrorCode::kPermission) return Fail(std::move(note).error());
    if (note) cosigned.push_back({verify::KeptCheckpoint::Use::kCompare, file->path().native(), std::move(*note)});
  }
  if (error) return Fail(SystemError("read", cosigned_folder_, error.value()));
  return cosigned;
}

Result<Bytes> VaultReader::KeepCosignatures(std::string_view answer,
                                            std::span<const tlog::CosignerKey> witnesses) const {
  const store::HeadFile file(CosignedPath());
  // Another process may keep the answer of another witness meanwhile; then both are kept.
  for (int attempt = 0; attempt < 10; ++attempt) {
    TRY(const auto before, file.Read());
    TRY(const Bytes head, ReadHead());
    TRY(Bytes cosigned, witness::WithCosignatures(head, answer, witnesses));
    const store::FolderSums sums(cosigned_folder_);
    TRY_VOID(sums.Allow(CosignedPath().filename().native(), cosigned));
    TRY_VOID(file.ReplaceIfStill(before, cosigned));
    TRY_VOID(sums.Settle(CosignedPath().filename().native()));
    TRY(const auto now, file.Read());
    if (now == cosigned) return cosigned;
  }
  return Fail(ErrorCode::kBusy, "other processes are storing cosignatures of this head at the same time");
}

}  // namespace exhibit

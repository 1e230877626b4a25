#include "vault/work/recover_head.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/session/opening.h"
#include "vault/session/writer_hands.h"
#include "vault/store/kept_heads.h"
#include "vault/tlog/note.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

// Beside the kept heads, under a name that says which head it is.
Result<fs::path> KeepAsEvidence(const LostHead& lost) {
  TRY(const fs::path user_head, store::UserHeadPath(lost.checkpoint.origin));
  const fs::path folder = user_head.parent_path() / "lost";
  TRY_VOID(CreateFolders(folder));
  fs::path path = folder / Format("{}-{}-{}", user_head.filename().native(), lost.checkpoint.size,
                                  ToHex(lost.checkpoint.root.view().first(4)));
  auto written = WriteNewFile(path, lost.note, 0644);
  if (written || written.error().code != ErrorCode::kExists) {
    TRY_VOID(written);
    return path;
  }
  TRY(const Bytes there, ReadFile(path, store::kMaxHeadBytes));
  if (Equal(there, lost.note)) return path;
  // A part that a crash left was never reported; a whole head of another vault is evidence.
  if (TextOf(lost.note).starts_with(TextOf(there)) || !tlog::SignedNote::Parse(there)) {
    TRY_VOID(ReplaceFile(path, lost.note, 0644));
    return path;
  }
  return Fail(ErrorCode::kExists, Printable(path.native()) + " keeps another head of this name",
              "move it to a safe place, and run this again");
}

}  // namespace

Result<RecoveredHead> RecoverHead(const VaultWriter::Options& options, const store::Fields& fields,
                                  const ConfirmLoss& confirm, const custody::PassphraseProvider& passphrase, Pool& pool,
                                  const tlog::SigningKey* cosigner) {
  TRY_VOID(opening::RequireVault(options.folder));
  const VaultPaths paths(options.folder);
  TRY(FileLock lock, opening::LockVault(paths, options.patience, options.opening.interrupted));
  TRY(const ContradictedVault found, VaultReader::OpenContradicted(options.folder, options.opening));
  if (found.lost.empty()) {
    return Fail(ErrorCode::kNotFound, "there is nothing to recover: the log extends every head that was kept");
  }
  TRY_VOID(found.vault->CheckNoHole());
  TRY_VOID(confirm(found));
  RecoveredHead recovered{found.lost, {}, {}, found.vault->head()};
  for (const LostHead& lost : found.lost) {
    TRY(fs::path kept, KeepAsEvidence(lost));
    recovered.kept.push_back(std::move(kept));
  }
  TRY(const auto writer, WriterHands::OpenBehind(std::move(lock), *found.vault, options, passphrase, pool));
  const auto is_recorded = [&](const tlog::Checkpoint& lost) {
    return std::ranges::any_of(writer->state().facts().lost_heads, [&](const auto& row) { return row.second == lost; });
  };
  for (const LostHead& lost : found.lost) {
    if (is_recorded(lost.checkpoint)) continue;
    TRY(custody::NotedCheckpoint noted, writer->state().facts().log_keys->Noted(lost.note));
    TRY(const store::Committed committed,
        writer->CommitAct({custody::LostHead{std::move(noted)}, fields, {}, cosigner}));
    recovered.entries.push_back(committed.first);
    recovered.head = committed.checkpoint;
  }
  TRY(const fs::path user_head, store::UserHeadPath(recovered.head.origin));
  if (recovered.entries.empty()) {
    // Another user recorded it; only this user's kept head is out of date.
    TRY_VOID(store::HeadFile(user_head).Replace(found.vault->head_note()));
  } else {
    // Elsewhere a power cut may bring a user's older head back (store/kept_heads.h). Here the older one contradicts the vault.
    TRY_VOID(SyncFolder(user_head.parent_path()));
  }
  return recovered;
}

}  // namespace exhibit::work

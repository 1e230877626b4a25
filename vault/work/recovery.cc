// A vault that is refused because a head contradicts it: opens it to show it, and goes on from it when
// somebody says that it was restored. Each lost head is kept elsewhere before it is given up.
#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/session/opening.h"
#include "vault/store/head_check.h"
#include "vault/store/rocks_store.h"
#include "vault/tlog/note.h"
#include "vault/verify/kept_check.h"

namespace exhibit {

namespace fs = std::filesystem;

namespace {

struct WholeHead {
  Bytes note;
  tlog::Checkpoint head;
};

// The newest recorded checkpoint that the store still has the entries and tiles of.
Result<WholeHead> FindLastWholeHead(const store::ReadableStore& store, const custody::LogKeys& keys) {
  TRY(const tlog::TreeSize count, store.CountEntries());
  for (std::uint64_t size = count.value; size > 0; --size) {
    auto note = store.ReadCheckpoint({size});
    if (!note && note.error().code == ErrorCode::kNotFound) continue;
    if (!note) return Fail(std::move(note).error());
    auto head = keys.Open(*note);
    if (head && store::CheckHead(store, *head)) return WholeHead{std::move(*note), std::move(*head)};
  }
  return Fail(ErrorCode::kTampered, "the store does not have the entries of any checkpoint that was signed",
              "restore the vault's folder from a copy, and change nothing in this one");
}

// Beside the kept heads, under a name that says which head it is.
Result<fs::path> KeepAsEvidence(const LostHead& lost) {
  TRY(const fs::path user_head, store::UserHeadPath(lost.checkpoint.origin));
  const fs::path folder = user_head.parent_path() / "lost";
  TRY_VOID(CreateFolders(folder));
  fs::path path = folder / (user_head.filename().native() + "-" + std::to_string(lost.checkpoint.size.value) + "-" +
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

Result<ContradictedVault> VaultReader::OpenContradicted(const fs::path& folder, const OpenOptions& options) {
  TRY_VOID(opening::RequireVault(folder));
  const VaultPaths paths(folder);
  TRY(Heads heads, ReadHeads(paths));
  TRY(auto store, opening::OpenToRead(paths, options.engine));
  TRY(custody::SignedEntry genesis, store::ReadGenesis(*store));
  TRY(const custody::LogKeys keys, opening::ReadLogKeys(*store, genesis));
  auto head = keys.Open(heads.vault);
  if (!head) return opening::NotAHead(paths.head, head.error());
  ContradictedVault found;
  if (const auto borne_out = store::CheckHead(*store, *head); !borne_out) {
    TRY(WholeHead at, FindLastWholeHead(*store, keys));
    found.lost.push_back({paths.head.native(), heads.vault, std::move(*head), borne_out.error().message});
    heads.vault = std::move(at.note);
    head = std::move(at.head);
  }
  found.vault = std::unique_ptr<VaultReader>(
      new VaultReader(paths, std::move(store), std::move(genesis), std::move(heads.vault), std::move(*head)));
  std::vector<verify::KeptCheckpoint> kept;
  using Use = verify::KeptCheckpoint::Use;
  if (heads.user) kept.push_back({Use::kCompare, heads.user_file.path().native(), *heads.user});
  for (const fs::path& pin : options.pins) {
    TRY(Bytes note, ReadFile(pin, store::kMaxHeadBytes));
    kept.push_back({Use::kCompare, pin.native(), std::move(note)});
  }
  for (verify::KeptCheckpoint& one : kept) {
    // A head that another key signed is of another vault, and no copy of this one explains it.
    auto opened = keys.Open(one.note);
    if (!opened) return Fail(std::move(opened).error().In(Printable(one.where)));
    const auto extended = verify::CheckKept(*found.vault, found.vault->head_, keys, one);
    if (extended) continue;
    found.lost.push_back({std::move(one.where), std::move(one.note), std::move(*opened), extended.error().message});
  }
  return found;
}

Result<VaultWriter::Recovery> VaultWriter::Recover(const Options& options, const std::string& reason,
                                                   const Confirm& confirm,
                                                   const custody::PassphraseProvider& passphrase, Pool& pool) {
  TRY_VOID(opening::RequireVault(options.folder));
  const VaultPaths paths(options.folder);
  TRY(FileLock lock, opening::LockVault(paths, options.patience));
  TRY(const ContradictedVault found, VaultReader::OpenContradicted(options.folder, options.opening));
  if (found.lost.empty()) {
    return Fail(ErrorCode::kNotFound, "there is nothing to recover: the log extends every head that was kept");
  }
  TRY_VOID(confirm(found));
  Recovery recovery{found.lost, {}, {}, found.vault->head()};
  for (const LostHead& lost : found.lost) {
    TRY(fs::path kept, KeepAsEvidence(lost));
    recovery.kept.push_back(std::move(kept));
  }
  TRY(const auto writer, OpenBehind(std::move(lock), *found.vault, options, passphrase, pool));
  const auto is_recorded = [&](const tlog::Checkpoint& lost) {
    return std::ranges::any_of(writer->state().facts().recoveries,
                               [&](const auto& row) { return row.second.lost == lost; });
  };
  for (const LostHead& lost : found.lost) {
    if (is_recorded(lost.checkpoint)) continue;
    TRY(custody::NotedCheckpoint noted, custody::NotedCheckpoint::Parse(lost.note));
    TRY(const store::Committed committed, writer->CommitAct(custody::Recovery{std::move(noted), reason}));
    recovery.entries.push_back(committed.first);
    recovery.head = committed.checkpoint;
  }
  if (recovery.entries.empty()) {
    // Another user recorded it; only this user's kept head is out of date.
    TRY(const fs::path user_head, store::UserHeadPath(recovery.head.origin));
    TRY_VOID(store::HeadFile(user_head).Replace(found.vault->head_note_));
  }
  return recovery;
}

}  // namespace exhibit

// Opens a vault that is refused because a head contradicts it.
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/text.h"
#include "vault/custody/key_kind.h"
#include "vault/session/opening.h"
#include "vault/store/head_check.h"

namespace exhibit {
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
    if (head && store::CheckHead(store, head->checkpoint)) {
      return WholeHead{std::move(*note), std::move(head->checkpoint)};
    }
  }
  return Fail(ErrorCode::kTampered, "the store does not have the entries of any checkpoint that was signed",
              "restore the vault's folder from a copy, and change nothing in this one");
}

}  // namespace

Result<ContradictedVault> VaultReader::OpenContradicted(const std::filesystem::path& folder,
                                                        const OpenOptions& options) {
  TRY_VOID(opening::RequireVault(folder));
  const VaultPaths paths(folder);
  TRY_VOID(opening::EngineOr(options.engine).Refresh(paths.store, store::HeadFile(paths.head)));
  TRY(Heads heads, ReadHeads(paths));
  TRY(auto store, opening::OpenToRead(paths, options.engine));
  TRY(custody::SignedEntry genesis, store::ReadGenesis(*store));
  TRY(const custody::LogKeys keys, opening::ReadLogKeys(*store, genesis));
  auto opened = keys.Open(heads.vault);
  if (!opened) return opening::NotAHead(paths.head, opened.error());
  tlog::Checkpoint head = std::move(opened->checkpoint);
  ContradictedVault found;
  if (const auto borne_out = store::CheckHead(*store, head); !borne_out) {
    TRY(WholeHead at, FindLastWholeHead(*store, keys));
    found.lost.push_back({paths.head.native(), heads.vault, std::move(head), borne_out.error().message});
    heads.vault = std::move(at.note);
    head = std::move(at.head);
  }
  found.vault = std::unique_ptr<VaultReader>(new VaultReader(paths, std::move(store), std::move(genesis),
                                                             std::move(heads.vault), std::move(head), options.lost));
  std::vector<verify::KeptCheckpoint> kept;
  using Use = verify::KeptCheckpoint::Use;
  if (heads.user) kept.push_back({Use::kCompare, heads.user_file.path().native(), *heads.user});
  for (const std::filesystem::path& pin : options.pins) {
    TRY(Bytes note, ReadFile(pin, store::kMaxHeadBytes));
    TRY_VOID(custody::CheckIsCheckpoint(note, pin.native()));
    kept.push_back({Use::kCompare, pin.native(), std::move(note)});
  }
  for (verify::KeptCheckpoint& one : kept) {
    // A head that another key signed is of another vault, and no copy of this one explains it.
    auto signed_head = keys.Open(one.note);
    if (!signed_head) return Fail(std::move(signed_head).error().In(Printable(one.where)));
    const auto extended = verify::CheckKept(*found.vault, found.vault->head_, keys, one);
    if (extended) continue;
    found.lost.push_back(
        {std::move(one.where), std::move(one.note), std::move(signed_head->checkpoint), extended.error().message});
  }
  return found;
}

}  // namespace exhibit

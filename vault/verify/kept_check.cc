#include "vault/verify/kept_check.h"

#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {
namespace {

// An honest restore is by far the most frequent cause, so it comes first.
constexpr std::string_view kHint =
    "if the vault was restored from a backup, its custodian goes on with `exhibit recover-head`, which records that in "
    "the "
    "log. If "
    "nobody restored it, somebody may have changed the log: keep both as they are; `exhibit fork-proof` puts them into "
    "one "
    "file that anybody can check";

Failure Contradiction(std::string_view what, const tlog::Checkpoint& head, const tlog::Checkpoint& kept,
                      std::string_view where) {
  return Fail(ErrorCode::kTampered,
              Format("{}: its head has {}; the checkpoint in {} has {}", what, Describe(head), Printable(where),
                     Describe(kept)),
              std::string(kHint));
}

}  // namespace

Result<tlog::Checkpoint> CheckKept(const tlog::TileReader& tiles, const tlog::Checkpoint& head,
                                   const custody::LogKeys& keys, const KeptCheckpoint& kept) {
  auto head_then = keys.Open(kept.note);
  if (!head_then) return Fail(std::move(head_then).error().In(Printable(kept.where)));
  Result<tlog::Checkpoint> opened = std::move(head_then->checkpoint);
  if (opened->origin != head.origin) {
    return Fail(ErrorCode::kTampered,
                Format("{} is of another log: {}", Printable(kept.where), Printable(opened->origin.text())));
  }
  if (opened->size > head.size)
    return Contradiction("this log is older than what was seen before: it was restored from a backup, or rolled back",
                         head, *opened, kept.where);
  if (opened->size.value == 0) return opened;
  auto proof = tlog::ProveConsistency(tiles, opened->size, head.size);
  if (!proof) return Fail(std::move(proof).error().In(Printable(kept.where)));
  if (!tlog::CheckConsistency({opened->size, opened->root}, {head.size, head.root}, *proof)) {
    return Contradiction("this log is not the one that was seen before: it was restored and added to, or changed", head,
                         *opened, kept.where);
  }
  return opened;
}

custody::LogKeys LearnLogKeys(const Source& source, const custody::SignedEntry& genesis,
                              std::span<const KeptCheckpoint> kept) {
  std::set<tlog::Sequence> places;
  if (const auto rows = source.ReadActs({custody::kStateSubject, custody::kStateSubject})) {
    for (const custody::ActRow& row : *rows) {
      if (row.type == custody::LogKeyChange::kForm.type) places.insert(row.sequence);
    }
  }
  for (const KeptCheckpoint& one : kept) {
    if (one.acts) places.insert(one.acts->begin(), one.acts->end());
  }
  custody::LogKeys keys(std::get<custody::Genesis>(genesis.parsed().body).log, genesis.parsed().time);
  for (const tlog::Sequence place : places) {
    const auto entry = ReadEntryAt(source, place);
    const auto* const change = entry ? std::get_if<custody::LogKeyChange>(&entry->parsed().body) : nullptr;
    if (change == nullptr || place.value == 0 || keys.Knows(change->log.ed25519.public_key().view())) continue;
    const auto note = tlog::SignedNote::Parse(entry->bytes());
    const std::vector both = {keys.present().ed25519, change->log.ed25519};
    const auto signers = note ? tlog::VerifyNote(*note, both) : Result<std::vector<std::size_t>>(Fail(note.error()));
    if (signers && signers->size() == both.size()) keys.Replace(place, entry->parsed().time, change->log);
  }
  return keys;
}

Result<custody::SignedEntry> ReadProven(const Source& source, const tlog::SignedSize& tree, tlog::Sequence at) {
  TRY(Bytes bytes, source.ReadEntry(at));
  const auto is_in_tree = [&]() -> Result<void> {
    TRY(const tlog::ProofHashes proof, tlog::ProveInclusion(source, at, tree.size));
    return tlog::CheckInclusion(tlog::HashLeaf(bytes), at, tree.size, proof, tree.root);
  }();
  if (!is_in_tree) return Fail(Error(is_in_tree.error()).In(NameOf(at)));
  return ParseEntryAt(std::move(bytes), at);
}

namespace {

Result<std::vector<tlog::Sequence>> ActsBefore(const Source& source, tlog::TreeSize size) {
  TRY(const auto rows, source.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  std::vector<tlog::Sequence> acts;
  for (const custody::ActRow& row : rows) {
    if (row.sequence.value >= size.value) break;  // replayed in full
    acts.push_back(row.sequence);
  }
  return acts;
}

}  // namespace

Result<Resumed> ResumeAt(const Source& source, const custody::SignedEntry& genesis, const tlog::Checkpoint& base,
                         const std::optional<std::vector<tlog::Sequence>>& noted, custody::Ask ask) {
  EXHIBIT_ASSERT(base.size.value > 0);
  const tlog::SignedSize signed_size{base.size, base.root};
  TRY(tlog::GrowingTree tree, tlog::GrowingTree::Open(base.size, source));
  if (tree.Root() != base.root) {
    return Fail(ErrorCode::kTampered, Format("the tiles at size {} make another root", base.size));
  }
  TRY(const custody::SignedEntry first, ReadProven(source, signed_size, {0}));
  if (first.leaf() != genesis.leaf()) return Fail(ErrorCode::kTampered, "entry 0 changed while it was read");
  std::vector<tlog::Sequence> places;
  if (noted) {
    places = *noted;
  } else {
    TRY(places, ActsBefore(source, base.size));
  }
  std::vector<custody::SignedEntry> acts;
  for (const tlog::Sequence place : places) {
    if (place.value == 0) continue;  // the genesis is at hand
    TRY(custody::SignedEntry act, ReadProven(source, signed_size, place));
    acts.push_back(std::move(act));
  }
  TRY(const custody::SignedEntry last, ReadProven(source, signed_size, {base.size.value - 1}));
  TRY(custody::State state, custody::State::Resume(genesis, acts, last, std::move(ask)));
  return Resumed{std::move(tree), std::move(state), std::move(places)};
}

}  // namespace exhibit::verify

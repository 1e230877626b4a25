#include "vault/verify/kept_check.h"

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::verify {
namespace {

Failure Contradiction(std::string_view what, const tlog::Checkpoint& head, const tlog::Checkpoint& kept,
                      std::string_view where) {
  return Fail(ErrorCode::kTampered, std::string(what) + ": its head has " + Describe(head) + "; the checkpoint in " +
                                        Printable(where) + " has " + Describe(kept),
              "keep both as they are; `exhibit fork-proof` puts them into one file that anybody can check");
}

}  // namespace

std::string Describe(const tlog::Checkpoint& checkpoint) {
  return "size " + std::to_string(checkpoint.size.value) + ", root " + ToHex(checkpoint.root.view());
}

Result<tlog::Checkpoint> CheckKept(const tlog::TileReader& tiles, const tlog::Checkpoint& head,
                                   const custody::LogKeys& keys, const KeptCheckpoint& kept) {
  auto opened = keys.Open(kept.note);
  if (!opened) return Fail(std::move(opened).error().In(Printable(kept.where)));
  if (opened->origin != head.origin) {
    return Fail(ErrorCode::kTampered, Printable(kept.where) + " is of another log: " + Printable(opened->origin.text()));
  }
  if (opened->size > head.size) return Contradiction("the log was rolled back", head, *opened, kept.where);
  if (opened->size.value == 0) return opened;
  auto proof = tlog::ProveConsistency(tiles, opened->size, head.size);
  if (!proof) return Fail(std::move(proof).error().In(Printable(kept.where)));
  if (!tlog::CheckConsistency({opened->size, opened->root}, {head.size, head.root}, *proof)) {
    return Contradiction("the log is not the one that was seen before", head, *opened, kept.where);
  }
  return opened;
}

Result<custody::SignedEntry> ReadProven(const Source& source, const tlog::SignedSize& tree, tlog::Sequence at) {
  const auto read = [&]() -> Result<custody::SignedEntry> {
    TRY(Bytes bytes, source.ReadEntry(at));
    TRY(const tlog::ProofHashes proof, tlog::ProveInclusion(source, at, tree.size));
    TRY_VOID(tlog::CheckInclusion(tlog::HashLeaf(bytes), at, tree.size, proof, tree.root));
    TRY(custody::SignedEntry entry, custody::SignedEntry::Parse(std::move(bytes)));
    if (entry.entry().sequence != at) {
      return Fail(ErrorCode::kTampered, "says that it is entry " + std::to_string(entry.entry().sequence.value));
    }
    return entry;
  };
  auto entry = read();
  if (!entry) return Fail(std::move(entry).error().In("entry " + std::to_string(at.value)));
  return entry;
}

Result<Resumed> ResumeAt(const Source& source, const custody::SignedEntry& genesis, const tlog::Checkpoint& base,
                         custody::AskNamedItem ask) {
  EXHIBIT_ASSERT(base.size.value > 0);
  const tlog::SignedSize signed_size{base.size, base.root};
  TRY(tlog::GrowingTree tree, tlog::GrowingTree::Open(base.size, source));
  if (tree.Root() != base.root) {
    return Fail(ErrorCode::kTampered, "the tiles at size " + std::to_string(base.size.value) + " make another root");
  }
  TRY(const custody::SignedEntry first, ReadProven(source, signed_size, {0}));
  if (first.leaf() != genesis.leaf()) return Fail(ErrorCode::kTampered, "entry 0 changed while it was read");
  TRY(const auto rows, source.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  std::vector<custody::SignedEntry> acts;
  for (const custody::ActRow& row : rows) {
    if (row.sequence.value >= base.size.value) break;  // replayed in full
    TRY(custody::SignedEntry act, ReadProven(source, signed_size, row.sequence));
    acts.push_back(std::move(act));
  }
  TRY(const custody::SignedEntry last, ReadProven(source, signed_size, {base.size.value - 1}));
  TRY(custody::State state, custody::State::Resume(genesis, acts, last, std::move(ask)));
  return Resumed{std::move(tree), std::move(state)};
}

}  // namespace exhibit::verify

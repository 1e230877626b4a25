#include "vault/store/head_check.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/store/names.h"
#include "vault/verify/read_entry.h"

namespace exhibit::store {
namespace {

constexpr std::string_view kKeepEvidence =
    "if the vault was restored from a backup, in part or while it was written, `exhibit recover-head` goes on with "
    "what "
    "is there and records that in the log. If nobody restored it, keep this folder and the kept head unchanged: "
    "together they prove that the log was changed";

// Entries are gone that were acknowledged. A failing disk can do that as well as a hand.
Failure HasLost(const ReadableStore& store, std::string what, std::string_view hint) {
  const std::string loss = store.DescribeLoss();
  if (!loss.empty()) what += "; " + loss;
  return Fail(ErrorCode::kTampered, std::move(what), std::string(hint));
}

}  // namespace

Result<custody::SignedEntry> CheckedGenesis(custody::SignedEntry genesis) {
  TRY(const custody::State state, custody::State::Begin(genesis));
  TRY(const custody::Signers signers, custody::Signers::Of(state.facts(), genesis.parsed()));
  auto signature = custody::CheckSignatures(genesis, signers);
  if (!signature) return Fail(std::move(signature).error().In("entry 0"));
  return genesis;
}

Result<custody::SignedEntry> ReadGenesis(const ReadableStore& store) {
  TRY(std::optional<custody::SignedEntry> genesis, verify::ReadEntryIfHere(store, {0}));
  if (!genesis) return HasLost(store, "the log has lost its beginning: entry 0 is not in the store", kHintRestoreStore);
  return CheckedGenesis(std::move(*genesis));
}

Result<tlog::GrowingTree> CheckHead(const ReadableStore& store, const tlog::Checkpoint& head) {
  TRY(const tlog::TreeSize count, store.CountEntries());
  if (count < head.size) {
    return HasLost(
        store,
        Format("the log has lost its end: the store holds {} entries, and the head that was acknowledged has {}", count,
               head.size),
        kKeepEvidence);
  }
  auto opened = tlog::GrowingTree::Open(head.size, store);
  if (!opened && (opened.error().code == ErrorCode::kTampered || opened.error().code == ErrorCode::kNotFound)) {
    return HasLost(store,
                   Format("the store does not bear out the {} entries that were acknowledged: {}", head.size,
                          opened.error().message),
                   kHintRestoreStore);
  }
  TRY(tlog::GrowingTree tree, std::move(opened));
  if (tree.Root() != head.root) {
    return Fail(ErrorCode::kTampered,
                Format("the stored tree of size {} has root {}, and the head that was acknowledged has {}", head.size,
                       tlog::RootText(tree.Root()), tlog::RootText(head.root)),
                std::string(kKeepEvidence));
  }
  const std::uint64_t last = head.size.value - 1;
  TRY(const Bytes entry, store.ReadEntry({last}));
  const auto width = static_cast<std::uint32_t>(last % tlog::kTileWidth) + 1;
  TRY(const auto leaves, tlog::ReadTileHashes(store, {0, last / tlog::kTileWidth, width}));
  if (tlog::AsNode(tlog::HashLeaf(entry)) != leaves.back()) {
    return Fail(ErrorCode::kTampered, Format("entry {} is not the one that was acknowledged", last),
                std::string(kKeepEvidence));
  }
  return tree;
}

}  // namespace exhibit::store

#include "vault/store/appender.h"

#include <atomic>
#include <mutex>

namespace exhibit::store {
namespace {

// From here on a group's payload is worth files of its own. Below, it is cheaper to write it through
// the log once more than to leave a file for each small add.
constexpr std::size_t kStageFromBytes = 1 << 20;

std::string NameOf(tlog::Sequence sequence) { return "entry " + std::to_string(sequence.value); }

Bytes Concatenate(const std::vector<tlog::LeafHash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * tlog::LeafHash::kSize);
  for (const tlog::LeafHash& hash : hashes) Append(bytes, hash.view());
  return bytes;
}

custody::EntryBody BodyOf(const Pending& pending) {
  if (pending.type == Pending::Type::kOmission) return custody::Omission{pending.omission_count, pending.sealed.sealed};
  return custody::Item{pending.sealed.sealed};
}

std::size_t BlockBytesAtHand(std::span<const Pending> group) {
  std::size_t bytes = 0;
  for (const Pending& pending : group) {
    for (const Bytes& block : pending.blocks) bytes += block.size();
  }
  return bytes;
}

Result<void> CompareStored(const Result<Bytes>& stored, ByteView expected, std::string_view what) {
  if (!stored) return Fail(stored.error());
  if (Equal(*stored, expected)) return {};
  return Fail(ErrorCode::kTampered, std::string(what) + ": read back differs from what was written",
              "the disk or the memory of this machine is failing; nothing was signed over it");
}

Result<tlog::Checkpoint> SignHead(Store& store, const tlog::GrowingTree& tree, const tlog::Origin& origin,
                                  const tlog::SigningKey& log, const std::vector<HeadFile>& heads) {
  tlog::Checkpoint checkpoint{origin, tree.size(), tree.Root()};
  TRY(const Bytes note, tlog::SignCheckpoint(checkpoint, log));
  TRY_VOID(store.PutCheckpoint(checkpoint.size, note));
  for (const HeadFile& head : heads) TRY_VOID(head.Replace(note));
  return checkpoint;
}

// The first error of several threads.
class FirstError {
 public:
  void Note(const Result<void>& result) {
    if (result) return;
    failed_ = true;
    const std::lock_guard lock(mutex_);
    if (result_) result_ = result;
  }
  bool failed() const { return failed_; }
  Result<void> Take() { return std::move(result_); }

 private:
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  Result<void> result_;
};

}  // namespace

Appender::Appender(Store& store, Pool& pool, custody::State state, tlog::GrowingTree tree, Keys keys,
                   std::vector<HeadFile> heads)
    : store_(store), pool_(pool), state_(std::move(state)), tree_(std::move(tree)), keys_(keys), heads_(std::move(heads)) {}

Result<Committed> Appender::Commit(std::vector<Pending> group, std::unique_ptr<PayloadStage> stage) {
  EXHIBIT_ASSERT(!group.empty());
  const tlog::Sequence first = next_sequence();
  const bool stage_here = stage == nullptr && BlockBytesAtHand(group) >= kStageFromBytes;
  if (stage_here) {
    TRY(stage, store_.NewStage());
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t block = 0; block < group[i].blocks.size(); ++block) {
        TRY_VOID(stage->Put({{first.value + i}, block}, group[i].blocks[block]));
      }
    }
  }
  if (stage != nullptr) {
    TRY_VOID(stage->Adopt());
    TRY_VOID(ReadBackBlocks(group, first));
  }

  // Copies, which take the place of the present state only when all is done.
  custody::State state = state_;
  tlog::GrowingTree tree = tree_;
  std::vector<custody::SignedEntry> entries;
  std::vector<Bytes> hashes;
  AppendBatch batch;
  for (std::size_t i = 0; i < group.size(); ++i) {
    TRY(custody::SignedEntry entry,
        custody::SignedEntry::Sign({state.origin(), state.next_sequence(), state.previous(), Now(),
                                    custody::ActorOf(keys_.actor.verifier()), BodyOf(group[i])},
                                   keys_.actor));
    TRY_VOID(state.Accept(entry));
    tree.Append(entry.leaf());
    entries.push_back(std::move(entry));
    hashes.push_back(Concatenate(group[i].sealed.block_hashes));
  }
  const std::vector<tlog::GrowingTree::Tile> tiles = tree.TakeChangedTiles();
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  for (std::size_t i = 0; i < group.size(); ++i) {
    const tlog::Sequence sequence{first.value + i};
    batch.entries.push_back({sequence, entries[i].bytes()});
    batch.headers.push_back({sequence, group[i].sealed.header});
    batch.block_hashes.push_back({sequence, hashes[i]});
    if (stage != nullptr) continue;
    for (std::size_t block = 0; block < group[i].blocks.size(); ++block) {
      batch.blocks.push_back({{sequence, block}, group[i].blocks[block]});
    }
  }
  TRY_VOID(store_.Append(batch));
  TRY_VOID(ReadBack(group, entries, tiles));
  auto checkpoint = SignHead(store_, tree, state.origin(), keys_.log, heads_);
  if (!checkpoint) {
    // Whoever is told only of the failure would add the same again.
    Error error = std::move(checkpoint).error();
    const std::uint64_t last = first.value + group.size() - 1;
    error.message += group.size() == 1
                         ? "; " + NameOf(first) + " is stored, and the next add signs over it"
                         : "; entries " + std::to_string(first.value) + " to " + std::to_string(last) +
                               " are stored, and the next add signs over them";
    return Fail(std::move(error));
  }
  state_ = std::move(state);
  tree_ = std::move(tree);
  return Committed{first, std::move(*checkpoint)};
}

// Every block that was adopted, by its hash.
Result<void> Appender::ReadBackBlocks(std::span<const Pending> group, tlog::Sequence first) const {
  std::vector<std::pair<BlockKey, const tlog::LeafHash*>> wanted;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto& hashes = group[i].sealed.block_hashes;
    for (std::size_t block = 0; block < hashes.size(); ++block) {
      wanted.push_back({{{first.value + i}, block}, &hashes[block]});
    }
  }
  FirstError error;
  pool_.ForEach(wanted.size(), [&](std::size_t i) {
    if (error.failed()) return;
    const auto& [key, hash] = wanted[i];
    const Result<Bytes> stored = store_.ReadBlock(key);
    if (!stored) return error.Note(Fail(stored.error()));
    if (tlog::HashLeaf(*stored) != *hash) {
      error.Note(Fail(ErrorCode::kTampered, NameOf(key.sequence) + ": block " + std::to_string(key.block) +
                                                ": read back differs from what was written",
                      "the disk or the memory of this machine is failing; nothing was signed over it"));
    }
  });
  return error.Take();
}

Result<void> Appender::ReadBack(std::span<const Pending> group, std::span<const custody::SignedEntry> entries,
                                const std::vector<tlog::GrowingTree::Tile>& tiles) const {
  FirstError error;
  pool_.ForEach(entries.size(), [&](std::size_t i) {
    if (error.failed()) return;
    const tlog::Sequence sequence = entries[i].entry().sequence;
    const SealedItem& sealed = group[i].sealed;
    error.Note(CompareStored(store_.ReadEntry(sequence), entries[i].bytes(), NameOf(sequence)));
    error.Note(entries[i].CheckSignature(keys_.actor.verifier()));
    error.Note(CompareStored(store_.ReadHeader(sequence), sealed.header, NameOf(sequence) + ": header"));
    error.Note(CompareStored(store_.ReadBlockHashes(sequence), Concatenate(sealed.block_hashes),
                             NameOf(sequence) + ": block hashes"));
    for (std::size_t block = 0; block < group[i].blocks.size(); ++block) {
      error.Note(CompareStored(store_.ReadBlock({sequence, block}), group[i].blocks[block],
                               NameOf(sequence) + ": block " + std::to_string(block)));
    }
  });
  for (const auto& tile : tiles) {
    error.Note(CompareStored(store_.ReadTile(tile.id), tile.bytes, tlog::TilePath(tile.id)));
  }
  return error.Take();
}

Result<std::uint64_t> Appender::AdoptUnacknowledged() {
  TRY(const tlog::TreeSize count, store_.CountEntries());
  const std::uint64_t head = state_.next_sequence().value;
  if (count.value == head) return 0;
  custody::State state = state_;
  tlog::GrowingTree tree = tree_;
  for (std::uint64_t at = head; at < count.value; ++at) {
    TRY(Bytes bytes, store_.ReadEntry({at}));
    auto entry = custody::SignedEntry::Parse(std::move(bytes));
    if (!entry) return Fail(std::move(entry).error().In(NameOf({at})));
    TRY(const custody::State::Accepted accepted, state.Accept(*entry));
    auto signature = entry->CheckSignature(accepted.signer);
    if (!signature) return Fail(std::move(signature).error().In(NameOf({at})));
    tree.Append(entry->leaf());
  }
  // The batch that held the entries held these tiles as well.
  for (const auto& tile : tree.TakeChangedTiles()) {
    TRY_VOID(CompareStored(store_.ReadTile(tile.id), tile.bytes, tlog::TilePath(tile.id)));
  }
  TRY_VOID(SignHead(store_, tree, state.origin(), keys_.log, heads_));
  state_ = std::move(state);
  tree_ = std::move(tree);
  return count.value - head;
}

Result<tlog::Checkpoint> Appender::Begin(Store& store, const custody::SignedEntry& genesis,
                                         const tlog::SigningKey& log, const std::vector<HeadFile>& heads) {
  TRY_VOID(custody::State::Begin(genesis));
  tlog::GrowingTree tree;
  tree.Append(genesis.leaf());
  const auto tiles = tree.TakeChangedTiles();
  AppendBatch batch;
  batch.entries.push_back({{0}, genesis.bytes()});
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  TRY_VOID(store.Append(batch));
  TRY_VOID(CompareStored(store.ReadEntry({0}), genesis.bytes(), NameOf({0})));
  return SignHead(store, tree, genesis.entry().origin, log, heads);
}

}  // namespace exhibit::store

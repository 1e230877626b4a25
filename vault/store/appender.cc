#include "vault/store/appender.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <mutex>

#include "vault/base/format.h"
#include "vault/seal/layout.h"
#include "vault/store/names.h"
#include "vault/verify/read_entry.h"

namespace exhibit::store {
namespace {

using tlog::NameOf;

custody::EntryBody BodyOf(const Pending& pending) {
  custody::EntryBody body = pending.body;
  custody::SetSealedFile(body, pending.sealed.file);
  return body;
}

Error NotWhatWasWritten(std::string_view what) {
  return {ErrorCode::kTampered, std::string(what) + ": read back differs from what was written",
          "the disk or the memory of this machine is failing; no checkpoint was signed over it"};
}

Result<void> CompareStored(const Result<Bytes>& stored, ByteView expected, std::string_view what) {
  if (!stored) return Fail(stored.error());
  if (Equal(*stored, expected)) return {};
  return Fail(NotWhatWasWritten(what));
}

Result<void> ComparePlace(const Result<SealedPlace>& stored, const SealedPlace& expected, std::string_view what) {
  if (!stored) return Fail(stored.error());
  if (*stored == expected) return {};
  return Fail(NotWhatWasWritten(std::string(what) + ": place"));
}

Result<void> CompareActs(const Store& store, std::span<const custody::ActRow> wanted) {
  for (const custody::ActRow& row : wanted) {
    TRY_VOID(CompareStored(store.ReadAct(row.subject, row.sequence), ViewOf(row.type),
                           NameOfAct(row.subject, row.sequence)));
  }
  return {};
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
  void Add(const Result<void>& result) {
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
    : store_(store),
      pool_(pool),
      state_(std::move(state)),
      tree_(std::move(tree)),
      keys_(keys),
      heads_(std::move(heads)) {}

Result<Committed> Appender::Commit(std::vector<Pending> group, std::unique_ptr<SealedStage> stage) {
  EXHIBIT_ASSERT(!group.empty());
  if (stage == nullptr) {
    TRY(stage, store_.NewStage());
  }
  for (Pending& pending : group) {
    if (pending.place) continue;
    TRY_VOID(stage->Begin(pending.sealed.header));
    for (const Bytes& block : pending.blocks) TRY_VOID(stage->Put(block));
    TRY(pending.place, stage->End(pending.sealed.block_hashes));
  }
  TRY_VOID(stage->Sync());
  TRY_VOID(ReadBackSealed(*stage, group));

  Draft draft{state_, tree_, {}, {}, {}};
  for (const Pending& pending : group) TRY_VOID(Extend(draft, BodyOf(pending), nullptr));
  return Finish(std::move(draft), group);
}

Result<Committed> Appender::CommitAct(custody::EntryBody body, const tlog::SigningKey* cosigner) {
  EXHIBIT_ASSERT(custody::SealedFileOf(body) == nullptr);
  Draft draft{state_, tree_, {}, {}, {}};
  TRY_VOID(Extend(draft, std::move(body), cosigner));
  return Finish(std::move(draft), {});
}

Result<custody::Signers> Appender::MayCommit(const custody::EntryBody& body, const tlog::SigningKey* cosigner) const {
  custody::Entry entry = Next({state_, tree_, {}, {}, {}}, body);
  if (cosigner != nullptr) entry.cosigner = custody::ActorOf(cosigner->verifier());
  return state_.MayFollow(entry);
}

Result<Committed> Appender::CommitReseal(custody::Reseal reseal, std::span<const Bytes> headers,
                                         const tlog::SigningKey* cosigner) {
  EXHIBIT_ASSERT(headers.size() == reseal.headers.size());
  const auto items = reseal.items ? reseal.items->Items() : std::vector<tlog::Sequence>();
  Draft draft{state_, tree_, {}, {}, {}};
  TRY(const std::unique_ptr<SealedStage> stage, store_.NewStage());
  for (std::size_t i = 0; i < items.size(); ++i) {
    TRY_VOID(stage->Begin(headers[i]));
    TRY(SealedPlace place, stage->End({}));
    draft.rewrapped.push_back({items[i], next_sequence(), std::move(place)});
  }
  TRY_VOID(stage->Sync());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const SealedPlace& place = draft.rewrapped[i].place;
    TRY_VOID(
        CompareStored(stage->ReadBack(place, {0, place.header_bytes}), headers[i], NameOf(items[i]) + ": new header"));
  }
  TRY_VOID(Extend(draft, std::move(reseal), cosigner));
  return Finish(std::move(draft), {});
}

Result<Committed> Appender::CommitLogKey(const tlog::SigningKey& next, std::optional<Moment> compromised_since) {
  Draft draft{state_, tree_, {}, {}, {}};
  TRY(const tlog::SigningKey* const present, HeadKey(draft.state));
  custody::Entry entry = Next(draft, custody::RotateLog{next.verifier(), compromised_since});
  TRY_VOID(draft.state.MayFollow(entry));
  const std::array behind = {present, &next};
  TRY(custody::SignedEntry made,
      custody::SignedEntry::SignWith(std::move(entry), keys_.actor, behind, crypto::SelfCheck::kByCaller));
  TRY_VOID(Take(draft, std::move(made)));
  return Finish(std::move(draft), {});
}

Result<const tlog::SigningKey*> Appender::HeadKey(const custody::State& state) const {
  const tlog::VerifierKey& wanted = state.log_keys().current();
  for (const tlog::SigningKey& key : keys_.log) {
    if (key.verifier() == wanted) return &key;
  }
  return Fail(ErrorCode::kDenied, Format("the log's key {} is not at hand", custody::ActorOf(wanted)));
}

custody::Entry Appender::Next(const Draft& draft, custody::EntryBody body) const {
  return {draft.state.origin(),
          draft.state.next_sequence(),
          draft.state.previous(),
          Now(),
          custody::ActorOf(keys_.actor.verifier()),
          std::move(body)};
}

// Signs the next entry, if the rules allow it, and moves the state over it.
Result<void> Appender::Extend(Draft& draft, custody::EntryBody body, const tlog::SigningKey* cosigner) const {
  custody::Entry entry = Next(draft, std::move(body));
  if (cosigner != nullptr) entry.cosigner = custody::ActorOf(cosigner->verifier());
  TRY_VOID(draft.state.MayFollow(entry));
  TRY(custody::SignedEntry made,
      custody::SignedEntry::Sign(std::move(entry), keys_.actor, cosigner, crypto::SelfCheck::kByCaller));
  return Take(draft, std::move(made));
}

Result<void> Appender::Take(Draft& draft, custody::SignedEntry made) {
  TRY(custody::State::Accepted accepted, draft.state.Accept(made));
  // Checks a stranger's statement before it is stored: no writer could sign a head over a wrong one.
  TRY_VOID(custody::CheckStatement(made.parsed().body, accepted.signers));
  draft.tree.Append(made.leaf());
  draft.signers.push_back(std::move(accepted.signers));
  std::ranges::move(custody::ActRowsOf(made.parsed().sequence, made.parsed().body), std::back_inserter(draft.acts));
  draft.entries.push_back(std::move(made));
  return {};
}

// Checks all signatures: an act may carry those of others.
Result<void> Appender::CheckSigned(const Draft& draft) const {
  FirstError error;
  pool_.ForEach(draft.entries.size(), [&](std::size_t i) {
    if (!error.failed()) error.Add(custody::CheckSignatures(draft.entries[i], draft.signers[i]));
  });
  return error.Take();
}

// Steps 3 to 5. `group` has the sealed files of the draft's entries, or is empty where they have none.
Result<Committed> Appender::Finish(Draft draft, std::span<const Pending> group) {
  TRY_VOID(CheckSigned(draft));
  const tlog::Sequence first = next_sequence();
  const std::vector<tlog::GrowingTree::Tile> tiles = draft.tree.TakeChangedTiles();
  AppendBatch batch;
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  for (const auto& entry : draft.entries) batch.entries.push_back({entry.parsed().sequence, entry.bytes()});
  batch.acts = draft.acts;
  batch.rewrapped = draft.rewrapped;
  for (std::size_t i = 0; i < group.size(); ++i) batch.sealed.push_back({{first.value + i}, *group[i].place});
  TRY_VOID(store_.Append(batch));
  TRY_VOID(ReadBack(draft, batch));
  TRY(const tlog::SigningKey* const head_key, HeadKey(draft.state));
  auto checkpoint = SignHead(store_, draft.tree, draft.state.origin(), *head_key, heads_);
  if (!checkpoint) {
    // Say which entries are stored, or the user would add the same again.
    Error error = std::move(checkpoint).error();
    const std::uint64_t last = first.value + draft.entries.size() - 1;
    error.message += last == first.value
                         ? Format("; {} is stored, and the next add signs over it", NameOf(first))
                         : Format("; entries {} to {} are stored, and the next add signs over them", first, last);
    return Fail(std::move(error));
  }
  state_ = std::move(draft.state);
  tree_ = std::move(draft.tree);
  return Committed{first, std::move(*checkpoint)};
}

// Compares each staged sealed file with what was sealed: its header byte for byte, its blocks by their hashes.
Result<void> Appender::ReadBackSealed(const SealedStage& stage, std::span<const Pending> group) const {
  struct Wanted {
    const SealedPlace* place;
    ByteRange range;
    const tlog::LeafHash* hash;
  };
  std::vector<Wanted> wanted;
  for (const Pending& pending : group) {
    TRY_VOID(CompareStored(stage.ReadBack(*pending.place, {0, pending.place->header_bytes}), pending.sealed.header,
                           "header"));
    TRY(const seal::PayloadLayout layout,
        seal::PayloadLayout::Create(pending.sealed.file.payload_bytes, pending.sealed.file.tail_bytes));
    for (std::uint64_t block = 0; block < layout.block_count(); ++block) {
      const auto place = layout.block(block);
      wanted.push_back({&*pending.place,
                        {pending.place->header_bytes + place.offset, place.bytes},
                        &pending.sealed.block_hashes[static_cast<std::size_t>(block)]});
    }
  }
  FirstError error;
  pool_.ForEach(wanted.size(), [&](std::size_t i) {
    if (error.failed()) return;
    const Result<Bytes> stored = stage.ReadBack(*wanted[i].place, wanted[i].range);
    if (!stored) return error.Add(Fail(stored.error()));
    if (tlog::HashLeaf(*stored) != *wanted[i].hash) error.Add(Fail(NotWhatWasWritten("a sealed file")));
  });
  return error.Take();
}

Result<void> Appender::ReadBack(const Draft& draft, const AppendBatch& batch) const {
  const auto stored = store_.ReadEntries(batch.entries.front().sequence, batch.entries.size());
  for (std::size_t i = 0; i < batch.entries.size(); ++i) {
    TRY_VOID(CompareStored(stored[i], batch.entries[i].bytes, NameOf(batch.entries[i].sequence)));
  }
  TRY_VOID(CompareActs(store_, draft.acts));
  for (const AppendBatch::Sealed& sealed : batch.sealed) {
    TRY_VOID(ComparePlace(store_.FindPlace(sealed.sequence), sealed.place, NameOf(sealed.sequence)));
  }
  for (const AppendBatch::Rewrapped& one : batch.rewrapped) {
    TRY_VOID(ComparePlace(store_.FindPlace(one.sequence, one.under), one.place, NameOf(one.sequence)));
  }
  for (const auto& tile : batch.tiles) {
    TRY_VOID(CompareStored(store_.ReadTile(tile.id), tile.bytes, tlog::TilePath(tile.id)));
  }
  return {};
}

Result<std::uint64_t> Appender::AdoptUnacknowledged() {
  TRY(const tlog::TreeSize count, store_.CountEntries());
  const std::uint64_t head = state_.next_sequence().value;
  if (count.value == head) return 0;
  custody::State state = state_;
  tlog::GrowingTree tree = tree_;
  for (std::uint64_t at = head; at < count.value; ++at) {
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(store_, {at}));
    TRY(const custody::State::Accepted accepted, state.Accept(entry));
    auto signature = custody::CheckSignatures(entry, accepted.signers);
    if (!signature) return Fail(std::move(signature).error().In(NameOf({at})));
    TRY_VOID(CompareActs(store_, custody::ActRowsOf({at}, entry.parsed().body)));
    tree.Append(entry.leaf());
  }
  // The batch that held the entries held these tiles as well.
  for (const auto& tile : tree.TakeChangedTiles()) {
    TRY_VOID(CompareStored(store_.ReadTile(tile.id), tile.bytes, tlog::TilePath(tile.id)));
  }
  TRY(const tlog::SigningKey* const head_key, HeadKey(state));
  TRY_VOID(SignHead(store_, tree, state.origin(), *head_key, heads_));
  state_ = std::move(state);
  tree_ = std::move(tree);
  return count.value - head;
}

tlog::Checkpoint Appender::head() const { return {state_.origin(), tree_.size(), tree_.Root()}; }

Result<tlog::Checkpoint> Appender::Begin(Store& store, const custody::SignedEntry& genesis, const tlog::SigningKey& log,
                                         const std::vector<HeadFile>& heads) {
  TRY_VOID(custody::State::Begin(genesis));
  tlog::GrowingTree tree;
  tree.Append(genesis.leaf());
  const auto tiles = tree.TakeChangedTiles();
  AppendBatch batch;
  batch.entries.push_back({{0}, genesis.bytes()});
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  TRY_VOID(store.Append(batch));
  TRY_VOID(CompareStored(store.ReadEntry({0}), genesis.bytes(), NameOf({0})));
  return SignHead(store, tree, genesis.parsed().origin, log, heads);
}

}  // namespace exhibit::store

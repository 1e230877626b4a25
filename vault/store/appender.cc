#include "vault/store/appender.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/custody/free_text.h"
#include "vault/store/destroyed.h"
#include "vault/store/names.h"
#include "vault/store/read_back.h"
#include "vault/verify/read_entry.h"

namespace exhibit::store {
namespace {

using tlog::NameOf;

const SealedEntry* SealedOf(const Pending& pending) { return pending.sealed ? &*pending.sealed : nullptr; }

Result<SealedPlace> StageSealed(const SealedEntry& sealed, SealedStage& stage) {
  TRY_VOID(stage.Begin(sealed.header));
  TRY_VOID(stage.Put(sealed.payload));
  return stage.End(sealed.block_hashes, sealed.layout.Line());
}

// Says which entries are stored, or the user would add the same again.
Error StoredAllTheSame(Error error, tlog::Sequence first, std::size_t count) {
  const std::uint64_t last = first.value + count - 1;
  error.message += count == 1 ? Format("; {} is stored, and the next add signs over it", NameOf(first))
                              : Format("; entries {} to {} are stored, and the next add signs over them", first, last);
  return error;
}

// What an entry names as its sealed file.
struct NamedFile {
  tlog::Sequence entry;
  custody::PayloadDigest payload;
};

// That the store has it. One that was shredded since is not there.
Result<void> CompareLayout(const ReadableStore& store, const NamedFile& named, const custody::State& state) {
  if (state.facts().shredded->Has(named.entry.value)) return {};
  TRY(const Bytes line, store.ReadLayout(named.entry));
  if (custody::DigestOf<custody::PayloadDigest>(line) == named.payload) return {};
  return Fail(ErrorCode::kTampered,
              NameOf(named.entry) + ": the layout of its sealed file is not the one that it names");
}

}  // namespace

Appender::Appender(Store& store, Pool& pool, custody::State state, tlog::GrowingTree tree, Keys keys, CaseKeys cases,
                   std::vector<HeadFile> heads)
    : store_(store),
      pool_(pool),
      state_(std::move(state)),
      tree_(std::move(tree)),
      actor_(&keys.actor),
      signer_(keys.log, std::move(heads)),
      sealer_({state_.recipient(), state_.fingerprint(), state_.facts().label_count}, std::move(cases)) {}

tlog::Checkpoint Appender::head() const { return {state_.origin(), tree_.size(), tree_.Root()}; }

void Appender::Become(custody::State state, tlog::GrowingTree tree) {
  state_ = std::move(state);
  tree_ = std::move(tree);
  sealer_.UseRecipient(state_.recipient());
}

Result<Committed> Appender::Commit(std::vector<Pending> group, std::unique_ptr<SealedStage> stage,
                                   const MakeLast& last) {
  EXHIBIT_ASSERT(!group.empty());
  if (stage == nullptr) {
    TRY(stage, store_.NewStage());
  }
  const std::size_t given = group.size();
  for (;;) {
    group.erase(group.begin() + static_cast<std::ptrdiff_t>(given), group.end());
    if (last) {
      TRY(std::optional<Pending> more, last(next_sequence()));
      if (more) group.push_back(std::move(*more));
    }
    TRY_VOID(StageGroup(group, *stage));
    TRY_VOID(stage->Sync(&pool_));
    Draft draft(state_, tree_);
    for (const Pending& pending : group) TRY_VOID(draft.Extend(pending.body, SealedOf(pending), {*actor_}));
    TRY(auto committed, Finish(std::move(draft), group, {}));
    if (committed) return std::move(*committed);
  }
}

Result<void> Appender::StageGroup(std::span<Pending> group, SealedStage& stage) {
  for (Pending& pending : group) {
    if (pending.place || !pending.sealed) continue;
    TRY(pending.place, StageSealed(*pending.sealed, stage));
  }
  return {};
}

Result<Committed> Appender::CommitAct(Act act) {
  const Draft::Signing signing{*actor_, act.cosigner};
  return CommitSigned(std::move(act), signing, {});
}

Result<custody::Signers> Appender::MayCommit(const Act& act) const { return MaySign(act, {*actor_, act.cosigner}); }

Result<Committed> Appender::CommitReseal(Act reseal, std::span<const Bytes> headers) {
  const auto& body = std::get<custody::Reseal>(reseal.body);
  EXHIBIT_ASSERT(headers.size() == (body.items ? body.items->count() : 0));
  const Draft::Signing signing{*actor_, reseal.cosigner};
  return CommitSigned(std::move(reseal), signing, headers);
}

Result<Committed> Appender::CommitLogKey(Act act) {
  const custody::LogKeyList& next = std::get<custody::LogKeyChange>(act.body).log;
  TRY_VOID(signer_.CanSign(next));
  TRY(const tlog::SigningKey* const before, signer_.Find(state_.log_keys().present().ed25519));
  TRY(const tlog::SigningKey* const after, signer_.Find(next.ed25519));
  const Draft::Signing signing{*actor_, act.cosigner, {before, after}};
  return CommitSigned(std::move(act), signing, {});
}

Result<Committed> Appender::CommitRecovery(Act act, const tlog::SigningKey& recovery,
                                           const tlog::SigningKey& admitted) {
  EXHIBIT_ASSERT(std::holds_alternative<custody::Recovery>(act.body) && act.cosigner == nullptr);
  TRY(Committed committed, CommitSigned(std::move(act), {recovery, &admitted}, {}));
  actor_ = &admitted;
  return committed;
}

Result<custody::Signers> Appender::MaySign(const Act& act, const Draft::Signing& signing) const {
  const Draft draft(state_, tree_);
  if (act.lines) return draft.MayExtend(act.body, &*act.lines, signing);
  if (act.fields.empty()) return draft.MayExtend(act.body, nullptr, signing);
  // The rules read some fields, whatever salts they will have.
  TRY(const custody::FieldList fields, custody::FieldList::Make(act.fields));
  return draft.MayExtend(act.body, &fields, signing);
}

Result<Pending> Appender::Seal(Act act) {
  const bool may_be_sealed = custody::FormOf(act.body).sealed != custody::SealedRule::kNo;
  const bool has_fields = !act.fields.empty() || act.lines.has_value();
  EXHIBIT_ASSERT((may_be_sealed || !has_fields) && (act.fields.empty() || !act.lines));
  // However they came, and whoever calls: what is signed stays for ever.
  TRY_VOID(custody::CheckFreeTexts(act.fields));
  if (!custody::HasSealedFile(act.body) && !has_fields) return Pending{std::move(act.body), std::nullopt};
  // An entry that brings another recipient is sealed to that one: it is not among those that can be resealed to it.
  const auto* const reseal = std::get_if<custody::Reseal>(&act.body);
  if (reseal != nullptr && reseal->recipient) sealer_.UseRecipient(*reseal->recipient);
  auto sealed =
      act.lines ? sealer_.SealLines(std::move(*act.lines), act.cases) : sealer_.Seal(std::move(act.fields), act.cases);
  sealer_.UseRecipient(state_.recipient());
  if (!sealed) return Fail(std::move(sealed).error());
  return Pending{std::move(act.body), std::move(*sealed)};
}

Result<Committed> Appender::CommitSigned(Act act, const Draft::Signing& signing, std::span<const Bytes> headers) {
  TRY_VOID(MaySign(act, signing));
  TRY(Pending pending, Seal(std::move(act)));
  const std::span<Pending> group(&pending, 1);
  std::unique_ptr<SealedStage> stage;
  std::vector<AppendBatch::Rewrapped> rewrapped;
  if (pending.sealed || !headers.empty()) {
    TRY(stage, store_.NewStage());
    TRY_VOID(StageGroup(group, *stage));
    if (!headers.empty()) {
      TRY(rewrapped, StageHeaders(*std::get<custody::Reseal>(pending.body).items, headers, *stage));
    }
    TRY_VOID(stage->Sync(&pool_));
  }
  for (;;) {
    Draft draft(state_, tree_);
    TRY_VOID(draft.Extend(pending.body, SealedOf(pending), signing));
    for (AppendBatch::Rewrapped& header : rewrapped) header.under = next_sequence();
    TRY(auto committed, Finish(std::move(draft), group, rewrapped));
    if (committed) return std::move(*committed);
  }
}

Result<std::vector<AppendBatch::Rewrapped>> Appender::StageHeaders(const custody::ItemSet& items,
                                                                   std::span<const Bytes> headers,
                                                                   SealedStage& stage) const {
  std::vector<AppendBatch::Rewrapped> rewrapped;
  for (const tlog::Sequence item : items.Items()) {
    TRY_VOID(stage.Begin(headers[rewrapped.size()]));
    TRY(SealedPlace place, stage.End({}, {}));
    rewrapped.push_back({item, next_sequence(), std::move(place)});
  }
  return rewrapped;
}

Result<std::optional<Committed>> Appender::Finish(Draft draft, std::span<const Pending> group,
                                                  std::vector<AppendBatch::Rewrapped> rewrapped) {
  TRY_VOID(draft.CheckSignatures(pool_));
  const custody::LogKeyList log_keys = draft.state().log_keys().present();
  // Now, and not when the entries are stored.
  TRY_VOID(signer_.CanSign(log_keys));
  const tlog::Sequence first = next_sequence();
  const std::vector<tlog::GrowingTree::Tile> tiles = draft.tree().TakeChangedTiles();
  AppendBatch batch;
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  for (const auto& entry : draft.entries()) batch.entries.push_back({entry.parsed().sequence, entry.bytes()});
  batch.acts = draft.Rows();
  batch.rewrapped = std::move(rewrapped);
  for (const auto& entry : draft.entries()) NoteDestroyed(entry.parsed(), batch);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i].place) batch.sealed.push_back({{first.value + i}, *group[i].place});
  }
  auto appended = store_.Append(batch);
  if (!appended && appended.error().code == ErrorCode::kExists) {
    TRY(const std::uint64_t others, MoveOverStored());
    if (others > 0) return std::nullopt;
  }
  if (!appended) return Fail(std::move(appended).error());
  TRY_VOID(CompareAppended(store_, batch));
  auto checkpoint = signer_.Sign(store_, draft.tree(), log_keys);
  if (!checkpoint) return Fail(StoredAllTheSame(std::move(checkpoint).error(), first, draft.entries().size()));
  Become(draft.state(), draft.tree());
  return Committed{first, std::move(*checkpoint)};
}

Result<std::uint64_t> Appender::AdoptUnacknowledged() {
  TRY(const std::uint64_t count, MoveOverStored());
  if (count > 0) TRY_VOID(signer_.Sign(store_, tree_, state_.log_keys().present()));
  return count;
}

Result<std::uint64_t> Appender::MoveOverStored() {
  TRY(const tlog::TreeSize count, store_.CountEntries());
  const std::uint64_t head = state_.next_sequence().value;
  if (count.value == head) return 0;
  custody::State state = state_;
  tlog::GrowingTree tree = tree_;
  std::vector<NamedFile> files;
  for (std::uint64_t at = head; at < count.value; ++at) {
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(store_, {at}));
    TRY(const custody::State::Accepted accepted, state.Accept(entry));
    auto signature = custody::CheckSignatures(entry, accepted.signers);
    if (!signature) return Fail(std::move(signature).error().In(NameOf({at})));
    TRY_VOID(CompareRows(store_, custody::ActRowsOf({at}, entry.parsed().body)));
    tree.Append(entry.leaf());
    if (const auto& sealed = entry.parsed().sealed) files.push_back({{at}, sealed->payload});
  }
  for (const NamedFile& file : files) TRY_VOID(CompareLayout(store_, file, state));
  // The batch that held the entries held these tiles as well.
  TRY_VOID(CompareTiles(store_, tree.TakeChangedTiles()));
  Become(std::move(state), std::move(tree));
  return count.value - head;
}

Result<tlog::Checkpoint> Appender::Begin(Store& store, const custody::SignedEntry& genesis, const SealedEntry& sealed,
                                         LogSigners log, const std::vector<HeadFile>& heads) {
  TRY(const custody::State state, custody::State::Begin(genesis));
  EXHIBIT_ASSERT(genesis.parsed().sealed == sealed.file);
  const custody::LogKeyList& log_keys = state.log_keys().present();
  const HeadSigner signer(log, heads);
  TRY_VOID(signer.CanSign(log_keys));
  TRY(const std::unique_ptr<SealedStage> stage, store.NewStage());
  TRY(const SealedPlace place, StageSealed(sealed, *stage));
  TRY_VOID(stage->Sync());
  tlog::GrowingTree tree;
  tree.Append(genesis.leaf());
  const auto tiles = tree.TakeChangedTiles();
  AppendBatch batch;
  batch.entries.push_back({{0}, genesis.bytes()});
  batch.acts = custody::ActRowsOf({0}, genesis.parsed().body);
  batch.sealed.push_back({{0}, place});
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  TRY_VOID(store.Append(batch));
  TRY_VOID(CompareAppended(store, batch));
  return signer.Sign(store, tree, log_keys);
}

}  // namespace exhibit::store

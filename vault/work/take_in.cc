#include "vault/work/take_in.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "vault/base/clock.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/free_text.h"
#include "vault/intake/drop_reader.h"
#include "vault/work/dropped_chains.h"

namespace exhibit::work {
namespace {

// A larger payload is staged; a smaller one is kept in memory until its group is committed.
constexpr std::uint64_t kLargePayload = 8 << 20;
constexpr std::size_t kGroupItems = 256;
constexpr std::uint64_t kGroupBytes = 16 << 20;

class DropTaker {
 public:
  DropTaker(VaultWriter& vault, const TakeInRequest& request) : vault_(vault), request_(request) {}

  Result<TakeInOutcome> Run() {
    if (!request_.accept.empty()) TRY_VOID(CheckReason());
    TRY_VOID(List());
    auto taken = TakeAll();
    // Items that were checked are taken in, although somebody asked to stop.
    if (taken || taken.error().code == ErrorCode::kInterrupted) TRY_VOID(CommitGroup());
    if (!taken) return Fail(std::move(taken).error());
    TRY(const std::vector<std::string> gaps, chains_.Gaps(vault_));
    for (const std::string& gap : gaps) request_.on_remark(gap);
    return outcome_;
  }

 private:
  enum class Took : std::uint8_t { kDone, kUnknownKey };
  static constexpr std::string_view kItemEnding = ".collected";
  static constexpr std::string_view kEndEnding = ".closed";

  Result<void> CheckReason() const {
    EXHIBIT_ASSERT(!request_.reason.empty());
    return custody::CheckFreeTexts({{"text", custody::FieldValue(request_.reason)}});
  }

  void Refuse(const intake::DropPlace& place, std::string_view ending, Error reason) {
    ++outcome_.refused;
    request_.on_refused({intake::StemOf(place) + std::string(ending), std::move(reason)});
  }

  Result<void> List() {
    TRY(intake::DropListing listing, intake::ListDrop(*request_.drop));
    items_ = std::move(listing.items);
    ends_ = std::move(listing.ends);
    pieces_ = std::move(listing.pieces);
    for (const std::string& remark : listing.remarks) request_.on_remark(remark);
    for (const intake::DropPlace& place : listing.unsigned_files) {
      Refuse(
          place, ".age",
          {ErrorCode::kNotFound,
           Format("its collector's statement, {}{}, is missing", intake::StemOf(place), kItemEnding),
           "look for it where the drop comes from; or, if collecting was interrupted there, collect that item again"});
    }
    return {};
  }

  // A key that follows another one may sign once the statement that names it was taken in, whatever the order of the
  // names: so what an unknown key signed is looked at again, as long as keys come in.
  Result<void> TakeAll() {
    for (bool again = true; again;) {
      succeeded_ = false;
      TRY_VOID(TakeEach(items_, kItemEnding, &DropTaker::TakeItem));
      TRY_VOID(CommitGroup());
      TRY_VOID(TakeEach(ends_, kEndEnding, &DropTaker::TakeEnd));
      again = succeeded_ && !(items_.empty() && ends_.empty());
    }
    RefuseUnknown(items_, kItemEnding);
    RefuseUnknown(ends_, kEndEnding);
    return {};
  }

  // Takes what can be taken, and leaves in `places` what an unknown key signed.
  Result<void> TakeEach(std::set<intake::DropPlace>& places, std::string_view ending,
                        Result<Took> (DropTaker::*take)(const intake::DropPlace&)) {
    for (auto place = places.begin(); place != places.end();) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      vault_result_ = {};
      auto took = (this->*take)(*place);
      TRY_VOID(vault_result_);
      if (took && *took == Took::kUnknownKey) {
        ++place;
        continue;
      }
      if (!took) {
        if (took.error().code == ErrorCode::kInterrupted) return Fail(std::move(took).error());
        Refuse(*place, ending, std::move(took).error());
      }
      place = places.erase(place);
    }
    return {};
  }

  void RefuseUnknown(const std::set<intake::DropPlace>& places, std::string_view ending) {
    for (const intake::DropPlace& place : places) {
      Refuse(place, ending,
             {ErrorCode::kDenied, "key " + place.id + " was never admitted to this vault",
              "admit it: exhibit custodian add KEY --role collector"});
    }
  }

  // --- items ---

  // True if the log has this very item already.
  Result<bool> IsThereAlready(const custody::SignedCollected& collected) {
    auto found = vault_.FindCollected(custody::NumberOf(collected.said()));
    if (!found) vault_result_ = Fail(found.error());
    TRY(const std::optional<tlog::Sequence> at, std::move(found));
    if (!at) return false;
    TRY(const custody::SignedEntry entry, vault_.Entry(*at));
    const auto* const item = std::get_if<custody::Item>(&entry.parsed().body);
    if (item == nullptr || !item->collected || *item->collected != collected) {
      return Fail(ErrorCode::kTampered, Format("another item with this number of its collector is entry {}", *at));
    }
    return true;
  }

  // What is not as it should be, and what of that the request accepts.
  std::optional<custody::WordSet<custody::Accepted>> AcceptedOf(const custody::Collected& said) const {
    const custody::Facts& facts = vault_.state().facts();
    custody::WordSet<custody::Accepted> accepted;
    const auto accept = [&](custody::Accepted what, bool is_so) {
      if (is_so && request_.accept.Has(what)) accepted.Insert(what);
    };
    accept(custody::Accepted::kEarlierKey, said.recipient != facts.recipient());
    accept(custody::Accepted::kRetired, facts.FindPresent(said.collector) == nullptr);
    return accepted.empty() ? std::nullopt : std::optional(accepted);
  }

  // Checks first that its signer may sign here: nothing that strangers sealed is read.
  Result<custody::Item> Check(const custody::SignedCollected& collected) const {
    const custody::State& state = vault_.state();
    custody::Item item{collected, AcceptedOf(collected.said())};
    const custody::Entry entry{
        state.origin(), state.next_sequence(),       state.previous(),
        state.law(),    custody::EntryTimeOf(Now()), custody::ActorOf(vault_.custodian_key().verifier()),
        item,           collected.said().sealed};
    TRY(const custody::Signers signers, state.MayFollow(entry));
    TRY_VOID(custody::CheckStatement(item, signers));
    return item;
  }

  bool IsKnown(const custody::Actor& collector) const { return vault_.state().facts().Find(collector) != nullptr; }

  Result<Took> TakeItem(const intake::DropPlace& place) {
    TRY(const intake::DroppedItem dropped, intake::ReadItem(*request_.drop, place));
    const custody::Collected& said = dropped.statement.said();
    if (!IsKnown(said.collector)) return Took::kUnknownKey;
    // A number of the group at hand is not in the log yet.
    if (!group_numbers_.insert(custody::NumberOf(said)).second) {
      vault_result_ = CommitGroup();
      TRY_VOID(vault_result_);
    }
    TRY(const bool already, IsThereAlready(dropped.statement));
    if (already) {
      ++outcome_.already;
      return TookStatement(dropped.statement);
    }
    TRY(custody::Item item, Check(dropped.statement));
    auto reader = intake::SealedReader::Open(*request_.drop, place, dropped);
    if (!reader) return Fail(std::move(reader).error().In("the sealed file"));
    const bool is_large = dropped.layout.payload_bytes() >= kLargePayload;
    TRY_VOID(is_large ? TakeLarge(std::move(item), *reader) : TakeSmall(std::move(item), *reader));
    RemarkOnStrayPieces(place, reader->pieces());
    return TookStatement(dropped.statement);
  }

  // Of a file that is whole without them, as when it was cut anew into fewer.
  void RemarkOnStrayPieces(const intake::DropPlace& place, std::uint64_t used) const {
    const auto pieces = pieces_.find(place);
    if (pieces == pieces_.end()) return;
    for (const std::uint64_t piece : pieces->second) {
      if (piece <= used) continue;
      request_.on_remark(
          Format("{}.age.{} is no part of the sealed file, which is whole without it, and is not taken in",
                 intake::StemOf(place), piece));
    }
  }

  Result<void> TakeSmall(custody::Item item, intake::SealedReader& reader) {
    Bytes payload;
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          Append(payload, bytes);
          return {};
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    group_bytes_ += payload.size();
    sealed->payload = std::move(payload);
    group_.push_back({std::move(item), std::move(*sealed)});
    if (group_.size() < kGroupItems && group_bytes_ < kGroupBytes) return {};
    vault_result_ = CommitGroup();
    return vault_result_;
  }

  Result<void> TakeLarge(custody::Item item, intake::SealedReader& reader) {
    vault_result_ = CommitGroup();  // one stage at a time
    TRY_VOID(vault_result_);
    auto stage = vault_.NewStage();
    if (!stage) vault_result_ = Fail(stage.error());
    TRY_VOID(vault_result_);
    vault_result_ = (*stage)->Begin(reader.header());
    TRY_VOID(vault_result_);
    auto sealed = reader.Read(
        [&](ByteView bytes) -> Result<void> {
          vault_result_ = (*stage)->Put(bytes);
          return vault_result_;
        },
        request_.interrupted);
    if (!sealed) return Fail(Failed(std::move(sealed).error()));
    auto place = (*stage)->End(sealed->block_hashes, sealed->layout.Line());
    if (!place) vault_result_ = Fail(place.error());
    TRY_VOID(vault_result_);
    group_.push_back({std::move(item), std::move(*sealed), std::move(*place)});
    vault_result_ = CommitGroup(std::move(*stage));
    return vault_result_;
  }

  static Error Failed(Error error) {
    return error.code == ErrorCode::kInterrupted ? std::move(error) : std::move(error).In("the sealed file");
  }

  // --- ends of runs, and keys that follow others ---

  Result<Took> TakeEnd(const intake::DropPlace& place) {
    TRY(const custody::SignedClosedRun statement, intake::ReadEnd(*request_.drop, place));
    if (!IsKnown(statement.said().collector)) return Took::kUnknownKey;
    if (vault_.state().facts().statements->contains(statement.text_digest())) return TookStatement(statement);
    const custody::Run run{statement};
    TRY(const custody::Signers signers, vault_.MayCommit({run}));
    TRY_VOID(custody::CheckStatement(run, signers));
    auto committed = vault_.CommitAct({run});
    if (!committed) vault_result_ = Fail(committed.error());
    TRY_VOID(vault_result_);
    ++outcome_.runs;
    outcome_.checkpoint = std::move(committed->checkpoint);
    return TookStatement(statement);
  }

  // The statement is in the log, or in the group at hand. A take-in that was cut short may have left the key that it names.
  template <typename Signed>
  Result<Took> TookStatement(const Signed& statement) {
    chains_.Saw(statement);
    const auto& next = statement.said().next;
    if (next && !IsKnown(custody::ActorOf(*next))) TRY_VOID(PutNextInPlace(statement));
    return Took::kDone;
  }

  // From here on the key that it names signs in the collector's place.
  Result<void> PutNextInPlace(const custody::CollectorStatement& statement) {
    vault_result_ = CommitGroup();
    TRY_VOID(vault_result_);
    auto committed =
        vault_.CommitAct({custody::Succeed{statement}, {{"reason", "the collector's statement names this key"}}});
    if (committed) {
      succeeded_ = true;
      outcome_.checkpoint = std::move(committed->checkpoint);
      return {};
    }
    const bool is_refused =
        committed.error().code == ErrorCode::kDenied || committed.error().code == ErrorCode::kInvalid;
    if (!is_refused) return vault_result_ = Fail(std::move(committed).error());
    request_.on_remark("a collector's statement names a key that is not put in its place: " +
                       committed.error().message);
    return {};
  }

  // --- commits ---

  // Why items that are not as they should be were taken in, in the same commit; nothing if all are.
  Result<std::optional<store::Pending>> ReasonFor(const std::vector<TakenIn>& taken, tlog::Sequence first) const {
    std::vector<tlog::Sequence> items;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (!taken[i].accepted.empty()) items.push_back({first.value + i});
    }
    if (items.empty()) return std::optional<store::Pending>();
    TRY(store::Fields fields, custody::ItemFields(std::move(items)));
    fields.emplace_back("text", request_.reason);
    TRY(store::SealedEntry sealed, vault_.sealer().Seal(std::move(fields), {}));
    return std::optional(store::Pending{custody::Note{}, std::move(sealed)});
  }

  Result<void> CommitGroup(std::unique_ptr<store::SealedStage> stage = nullptr) {
    group_numbers_.clear();
    if (group_.empty()) return {};
    std::vector<TakenIn> taken;
    for (const store::Pending& pending : group_) {
      const auto& item = std::get<custody::Item>(pending.body);
      taken.push_back({{},
                       custody::NumberOf(item.collected->said()),
                       pending.sealed->layout.payload_bytes(),
                       item.accepted.value_or(custody::WordSet<custody::Accepted>())});
    }
    TRY(store::Committed committed, vault_.Commit(std::exchange(group_, {}), std::move(stage),
                                                  [&](tlog::Sequence first) { return ReasonFor(taken, first); }));
    group_bytes_ = 0;
    outcome_.checkpoint = std::move(committed.checkpoint);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      taken[i].entry = {committed.first.value + i};
      ++outcome_.taken;
      request_.on_taken(taken[i]);
    }
    return {};
  }

  VaultWriter& vault_;
  const TakeInRequest& request_;
  std::set<intake::DropPlace> items_;
  std::set<intake::DropPlace> ends_;
  std::map<intake::DropPlace, std::set<std::uint64_t>> pieces_;
  DroppedChains chains_;
  std::vector<store::Pending> group_;
  std::set<custody::CollectedNumber> group_numbers_;
  std::uint64_t group_bytes_ = 0;
  bool succeeded_ = false;     // a key came in that may have signed what is left
  Result<void> vault_result_;  // an error of the vault's own, which ends everything
  TakeInOutcome outcome_;
};

}  // namespace

Result<TakeInOutcome> TakeIn(VaultWriter& vault, const TakeInRequest& request) {
  return DropTaker(vault, request).Run();
}

}  // namespace exhibit::work

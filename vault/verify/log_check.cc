#include "vault/verify/log_check.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/verify/compromise_check.h"
#include "vault/verify/entry_batch.h"
#include "vault/verify/index_check.h"
#include "vault/verify/label_check.h"
#include "vault/verify/leaf_notes.h"
#include "vault/verify/log_remarks.h"
#include "vault/verify/policy_check.h"
#include "vault/verify/sealed_notes.h"
#include "vault/verify/signed_head.h"
#include "vault/verify/stamp_check.h"
#include "vault/verify/tree_check.h"

namespace exhibit::verify {
namespace {

class LogChecker {
 public:
  LogChecker(const Source& source, const Options& options, Pool& pool, Report& report)
      : source_(source),
        options_(options),
        pool_(pool),
        report_(report),
        head_(source, options, report),
        tree_(source, report),
        sealed_(source, options) {}

  Result<CheckedLog> Run() {
    CheckedLog log;
    if (!BeginWithGenesis() || !head_.Open(*genesis_)) return log;
    CompareKept();
    has_index_ = HasIndex();
    const std::uint64_t size = report_.head->size.value;
    if (options_.progress != nullptr) options_.progress->entries_total = size - leaves_.first();
    // A vector that grows by doubling holds half more than it needs, and both copies while it moves.
    constexpr std::uint64_t kMost = 1 << 22;  // the size is only a claim so far
    const auto count = static_cast<std::size_t>(std::min(size - leaves_.first(), kMost));
    leaves_.Reserve(count);
    sealed_.Reserve(options_.selected.empty() ? count : 0);
    TRY_VOID(CheckEntries(size));
    if (stuck_) return log;
    Finish();
    log.facts = state_->facts();
    log.first = {leaves_.first()};
    log.sealed = std::move(sealed_).Finish(state_->facts(), std::move(leaves_), report_);
    log.transfers = transfers_;
    return log;
  }

 private:
  void AddFinding(Property property, std::optional<tlog::Sequence> entry, std::string message) {
    report_.findings.push_back({property, entry, {}, {}, std::move(message)});
  }

  // If something could not be read, everything that depends on it would be called wrong, and nobody did wrong. Stop.
  void Add(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
    stuck_ = stuck_ || IsUnread(error.code);
    report_.Add(property, entry, error);
  }

  // --- where it begins ---

  // False if there is no genesis: then nothing else can be checked.
  bool BeginWithGenesis() {
    const tlog::Sequence zero{0};
    const ReadEntry read = ReadOne(source_, zero);
    if (!read.entry && read.needs_newer) {
      report_.newer_from = custody::NewerFrom{zero, 0};
      report_.remarks.push_back(Format("entry 0: {}", read.problem));
      return false;
    }
    if (!read.entry) {
      report_.Add(Property::kGenesis, zero, ErrorOf(read));
      return false;
    }
    auto state = custody::State::Begin(*read.entry);
    if (!state) {
      AddFinding(Property::kGenesis, zero, state.error().message);
      return false;
    }
    state_.emplace(std::move(*state));
    genesis_ = read.entry;
    report_.fingerprint = state_->fingerprint();
    if (options_.fingerprint && *options_.fingerprint != state_->fingerprint()) {
      AddFinding(Property::kGenesis, zero,
                 Format("this is another vault: its fingerprint is {}, and {} was expected",
                        ToHex(state_->fingerprint().view()), ToHex(options_.fingerprint->view())));
    }
    if (options_.case_keys != nullptr) labels_.emplace(*options_.case_keys, state_->fingerprint());
    return true;
  }

  // The replay begins at the newest of the kept checkpoints to resume from.
  void CompareKept() {
    const KeptCheckpoint* const base = head_.CompareKept();
    if (base == nullptr) return;
    leaves_.BeginAt(report_.resumed->checkpoint.size.value);
    auto resumed =
        ResumeAt(source_, *genesis_, report_.resumed->checkpoint, base->acts,
                 {.collected = [this](const custody::CollectedNumber& number) { return WasCollected(number); },
                  .lost = [this](tlog::Sequence at) -> Result<bool> { return ReadOne(source_, at).lost; }});
    if (resumed) {
      state_.emplace(std::move(resumed->state));
      tree_.Resume(std::move(resumed->tree));
      report_.acts = std::move(resumed->acts);
      report_.resumed_by_index = !base->acts;
      return NoteSelectedBefore();
    }
    // The notes about it are no use, so the whole log is replayed, which names what is wrong.
    if (resumed.error().code == ErrorCode::kNotFound || resumed.error().code == ErrorCode::kUnsupported) {
      report_.remarks.push_back("the whole log was replayed: " + resumed.error().message);
    } else if (IsUnread(resumed.error().code)) {
      report_.Add(Property::kConsistency, {}, resumed.error());
    } else {
      AddFinding(Property::kConsistency, {},
                 Format("{}: what it covers is not as it was: {}", report_.resumed->where, resumed.error().message));
    }
    report_.resumed.reset();
    leaves_.BeginAt(0);
  }

  // Sealed files that the caller selected come before the entries that are replayed.
  void NoteSelectedBefore() {
    const tlog::Checkpoint& base = report_.resumed->checkpoint;
    for (const tlog::Sequence at : options_.selected) {
      if (at.value >= leaves_.first()) break;
      const auto entry = ReadProven(source_, {base.size, base.root}, at);
      if (entry) {
        sealed_.NoteProven(at, entry->parsed());
      } else {
        Error error = entry.error();
        error.message = WithoutNoun(at, error.message);
        report_.Add(Property::kEntry, at, error);
      }
    }
  }

  // For entries before the replay, as far as the source's index knows.
  Result<bool> WasCollected(const custody::CollectedNumber& number) {
    const auto found = FindCollected(source_, number);
    if (found) return *found && (*found)->value < leaves_.first();
    unanswered_ = found.error();
    return Fail(found.error());
  }

  bool HasIndex() const {
    const auto rows = source_.ReadActs({custody::kStateSubject, custody::kStateSubject});
    return rows || rows.error().code != ErrorCode::kNotFound;
  }

  // --- the entries ---

  // Three batches are in work: one is read, one is compared with the rules in order, and of one the
  // signatures are checked.
  Result<void> CheckEntries(std::uint64_t size) {
    std::unique_ptr<EntryBatch> signing;
    std::unique_ptr<EntryBatch> reading = EntryBatch::StartReading(source_, pool_, leaves_.first(), size);
    while (reading != nullptr) {
      TRY_VOID(StopIfAsked(options_.interrupted));
      std::unique_ptr<EntryBatch> batch = std::move(reading);
      batch->work.Wait();
      TRY_VOID(StopIfAsked(options_.interrupted));
      NoteUndecided(*batch);
      if (stuck_ || !IsWorthGoingOn(*batch)) break;
      reading = EntryBatch::StartReading(source_, pool_, batch->first + batch->entries.size(), size);
      for (std::size_t i = 0; i < batch->entries.size(); ++i) Follow({batch->first + i}, batch->entries[i]);
      batch->StartSignatures(pool_);
      TakeSignatures(std::exchange(signing, std::move(batch)));
      if (const auto checked = tree_.CheckTiles(); !checked) Add(Property::kTile, {}, checked.error());
      if (stuck_) break;
    }
    TakeSignatures(std::move(signing));
    return StopIfAsked(options_.interrupted);
  }

  void NoteUndecided(const EntryBatch& batch) {
    for (const ReadEntry& read : batch.entries) {
      if (read.undecided) Add(Property::kEntry, {}, ErrorOf(read));
    }
  }

  // An unsigned head may claim any size, so nothing is allocated for it; and if the end of the log is missing, one
  // finding says so for all missing entries.
  bool IsWorthGoingOn(const EntryBatch& batch) {
    const auto is_missing = [](const ReadEntry& read) { return !read.present; };
    if (head_.is_claim() ? std::ranges::none_of(batch.entries, is_missing)
                         : !std::ranges::all_of(batch.entries, is_missing)) {
      return true;
    }
    AddFinding(Property::kEntry, tlog::Sequence{batch.first},
               Format("the head claims entries up to {}, and from here on they are missing: {}",
                      report_.head->size.value - 1, batch.entries.back().problem));
    tree_.MissLeaf();
    return false;
  }

  void TakeSignatures(std::unique_ptr<EntryBatch> batch) {
    if (batch == nullptr) return;
    batch->work.Wait();
    for (std::size_t i = 0; i < batch->entries.size(); ++i) {
      const std::string& problem = batch->entries[i].signature_problem;
      if (!problem.empty()) AddFinding(Property::kSignature, tlog::Sequence{batch->first + i}, problem);
      if (!IsAfterUpgrade({batch->first + i})) ++report_.entries;
    }
    if (options_.progress != nullptr) options_.progress->entries += batch->entries.size();
  }

  bool IsAfterUpgrade(tlog::Sequence sequence) const { return state_->newer() && sequence > state_->newer()->entry; }

  void Follow(tlog::Sequence sequence, ReadEntry& read) {
    const bool is_read = !IsAfterUpgrade(sequence);
    if (!read.present || (is_read && !read.entry)) NoteUnread(sequence, read);
    const bool has_leaf = read.present || FindLeaf(sequence, read);
    leaves_.Add(read.leaf, is_read && read.entry && read.entry->parsed().sealed);
    if (has_leaf) {
      tree_.Append(read.leaf);
    } else {
      tree_.MissLeaf();  // its bytes are unknown
    }
    if (!is_read) return;
    if (!read.entry || read.entry->parsed().sequence != sequence) return PassOverUnread(sequence, read, has_leaf);
    const custody::Entry& entry = read.entry->parsed();
    NoteActs(sequence, entry.body);
    sealed_.Note(sequence, entry);
    if (labels_) labels_->Add(entry);
    if (std::holds_alternative<custody::Transfer>(entry.body)) ++transfers_;
    if (sequence.value == 0) {
      read.signers = SignersOf(entry);
      if (read.signers) signers_.Add(sequence, *read.signers);
    } else {
      ApplyRules(sequence, read);
    }
  }

  void NoteUnread(tlog::Sequence sequence, const ReadEntry& read) {
    if (!read.lost) return AddFinding(Property::kEntry, sequence, read.problem);
    report_.Add(Property::kEntry, sequence, {ErrorCode::kNotFound, "is lost: the store does not have it", {}});
    if (!first_lost_) first_lost_ = sequence;
  }

  // Of an entry that is lost: its hash as the tiles have it. Whether that is right, the signed root says.
  bool FindLeaf(tlog::Sequence sequence, ReadEntry& read) const {
    const std::uint64_t index = sequence.value / tlog::kTileWidth;
    const auto width = static_cast<std::uint32_t>(sequence.value % tlog::kTileWidth) + 1;
    if (!read.lost) return false;
    const auto hashes = tlog::ReadTileHashes(source_, {0, index, width});
    if (!hashes || hashes->size() < width) return false;
    const auto leaf = tlog::LeafHash::From((*hashes)[width - 1].view());
    if (leaf) read.leaf = *leaf;
    return leaf.has_value();
  }

  void PassOverUnread(tlog::Sequence sequence, const ReadEntry& read, bool has_leaf) {
    if (read.entry) {
      AddFinding(Property::kChain, sequence, Format("says that it is {}", NameOf(read.entry->parsed().sequence)));
    }
    unknown_.insert(sequence);
    missing_before_ = !has_leaf;
    if (sequence.value > 0) state_->PassOverUnread(sequence, has_leaf ? &read.leaf : nullptr);
  }

  // The rules of custody, one entry after another.
  void ApplyRules(tlog::Sequence sequence, ReadEntry& read) {
    // After a missing entry, the predecessor cannot be compared. The finding of the missing entry says so.
    auto accepted = missing_before_ ? state_->AcceptTold(*read.entry) : state_->Accept(*read.entry);
    missing_before_ = false;
    if (accepted) {
      for (const custody::Remark& remark : accepted->remarks) report_.remarks.push_back(ToText(remark));
      signers_.Add(sequence, accepted->signers);
      read.signers = std::move(accepted->signers);
      sealed_.Accept(read.entry->parsed());
      return;
    }
    Error refused = std::exchange(unanswered_, std::nullopt).value_or(accepted.error());
    refused.message = WithoutNoun(sequence, refused.message);
    if (first_lost_ && refused.code == ErrorCode::kTampered) {
      // That the entry is lost is a finding. What follows from it is none.
      report_.remarks.push_back(Format("{} cannot be judged, because {} before it is lost: {}", NameOf(sequence),
                                       NameOf(*first_lost_), refused.message));
    } else {
      Add(Property::kChain, sequence, refused);
    }
    // Whether the keys that it names signed it is a finding of its own.
    read.signers = SignersOf(read.entry->parsed());
    state_->PassOver(*read.entry);
  }

  std::optional<custody::Signers> SignersOf(const custody::Entry& entry) const {
    auto signers = custody::Signers::Of(state_->facts(), entry);
    return signers ? std::optional(std::move(*signers)) : std::nullopt;
  }

  // An entry of 200 bytes can have 65,536 rows: they are held only where there is an index to compare them with.
  void NoteActs(tlog::Sequence sequence, const custody::EntryBody& body) {
    for (custody::ActRow& row : custody::ActRowsOf(sequence, body)) {
      if (has_index_ || row.subject == custody::kStateSubject) acts_.push_back(std::move(row));
    }
  }

  // --- what the whole comes to ---

  void Finish() {
    if (options_.leaves != nullptr) *options_.leaves = leaves_.leaves();
    report_.newer_from = state_->newer();
    // From an upgrade on, other keys may sign.
    if (report_.newer_from) {
      head_.CompareUpTo({report_.newer_from->entry.value + 1}, state_->log_keys());
    } else {
      head_.CheckSigner(state_->log_keys());
    }
    tree_.CheckRoot();
    CheckIndex();
    if (tree_.is_complete()) {
      CheckStamps(source_, *state_, options_.timestamp_roots, report_);
      CheckCompromises();
    }
    report_.recoveries = state_->facts().recoveries;
    if (labels_) std::move(*labels_).Finish(report_);
    RemarkOnLog(source_, *state_, report_);
    if (report_.newer_from) return;
    sealed_.reseals().RemarkUnfinished(state_->facts(), leaves_, report_);
    if (leaves_.first() == 0) RemarkGaps(*state_->facts().collectors, report_);
  }

  void CheckIndex() {
    for (const custody::ActRow& row : acts_) {
      if (row.subject == custody::kStateSubject) report_.acts.push_back(row.sequence);
    }
    // What entries after an upgrade name is not known.
    const tlog::TreeSize size =
        report_.newer_from ? tlog::TreeSize{report_.newer_from->entry.value + 1} : report_.head->size;
    auto findings = verify::CheckIndex(source_, {std::move(acts_), unknown_, {leaves_.first()}, size});
    std::ranges::move(findings, std::back_inserter(report_.findings));
  }

  // Keys that others had too. When witnesses saw the log matters only if there is one.
  void CheckCompromises() {
    const custody::Facts& facts = state_->facts();
    if (facts.compromises.empty()) return;
    if (options_.policy != nullptr) {
      std::vector<KeptCheckpoint> cosigned = options_.kept;
      if (options_.find_cosigned) std::ranges::move(options_.find_cosigned(), std::back_inserter(cosigned));
      for (const KeptCheckpoint& one : cosigned) {
        if (CheckKept(source_, *report_.head, state_->log_keys(), one)) NoteSeen(*options_.policy, one.note, report_);
      }
    }
    JudgeCompromises(facts, signers_, {leaves_.first()}, report_);
  }

  const Source& source_;
  const Options& options_;
  Pool& pool_;
  Report& report_;
  std::optional<custody::State> state_;
  std::optional<custody::SignedEntry> genesis_;
  SignedHead head_;
  TreeCheck tree_;
  LeafNotes leaves_;
  SignerNotes signers_;
  SealedNotes sealed_;
  std::optional<LabelSearch> labels_;
  bool has_index_ = false;
  std::vector<custody::ActRow> acts_;  // rows that the index should have
  std::set<tlog::Sequence> unknown_;   // entries that could not be read
  std::uint64_t transfers_ = 0;
  std::optional<Error> unanswered_;  // what a rule asked for could not be read
  bool stuck_ = false;               // something could not be read
  bool missing_before_ = false;
  std::optional<tlog::Sequence> first_lost_;
};

}  // namespace

Result<CheckedLog> CheckLog(const Source& source, const Options& options, Pool& pool, Report& report) {
  return LogChecker(source, options, pool, report).Run();
}

}  // namespace exhibit::verify

#include "vault/verify/log_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/verify/collected_notes.h"
#include "vault/verify/compromise_check.h"
#include "vault/verify/entry_batch.h"
#include "vault/verify/index_check.h"
#include "vault/verify/leaf_notes.h"
#include "vault/verify/policy_check.h"
#include "vault/verify/reseal_notes.h"
#include "vault/verify/signed_head.h"
#include "vault/verify/stamp_check.h"
#include "vault/verify/tree_check.h"

namespace exhibit::verify {
namespace {

class LogChecker {
 public:
  LogChecker(const Source& source, const Options& options, Pool& pool, Report& report, std::vector<SealedEntry>& sealed)
      : source_(source),
        options_(options),
        pool_(pool),
        report_(report),
        sealed_(sealed),
        head_(source, options, report),
        tree_(source, report) {}

  Result<void> Run() {
    if (!BeginWithGenesis() || !head_.Open(*genesis_)) return {};
    CompareKept();
    has_index_ = HasIndex();
    const std::uint64_t size = report_.head->size.value;
    if (options_.progress != nullptr) options_.progress->entries_total = size - leaves_.first();
    Reserve(size - leaves_.first());
    TRY_VOID(CheckEntries(size));
    if (stuck_) return {};
    if (options_.leaves != nullptr) *options_.leaves = leaves_.leaves();
    head_.CheckSigner(state_->log_keys());
    tree_.CheckRoot();
    CheckIndex();
    if (tree_.is_complete()) {
      CheckStamps(source_, *state_, options_.timestamp_roots, report_);
      CheckCompromises();
    }
    SetShreddedAside();
    AddRewrapped();
    RemarkRecoveries();
    reseals_.RemarkUnfinished(state_->facts(), leaves_, report_);
    if (leaves_.first() == 0) collected_.RemarkGaps(report_);
    return {};
  }

 private:
  void AddFinding(Property property, std::optional<tlog::Sequence> entry, std::string message) {
    report_.findings.push_back({property, entry, {}, {}, std::move(message)});
  }

  // If something could not be read, everything that depends on it would be called wrong, and nobody did wrong. Stop.
  void Add(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
    stuck_ = stuck_ || error.code == ErrorCode::kIo;
    report_.Add(property, entry, error);
  }

  // False if there is no genesis: then nothing else can be checked.
  bool BeginWithGenesis() {
    const tlog::Sequence zero{0};
    const ReadEntry read = ReadOne(source_, zero);
    if (!read.entry) {
      report_.Add(Property::kGenesis, zero, ErrorOf(read));
      return false;
    }
    auto state = custody::State::Begin(*read.entry, [this](tlog::Sequence at) { return FindItem(at); });
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
    return true;
  }

  // A vector that grows by doubling holds half more than it needs, and both copies while it moves.
  void Reserve(std::uint64_t entries) {
    constexpr std::uint64_t kMost = 1 << 22;  // the size is only a claim so far
    const auto count = static_cast<std::size_t>(std::min(entries, kMost));
    leaves_.Reserve(count);
    sealed_.reserve(count);
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

  // The replay begins at the newest of the kept checkpoints to resume from.
  void CompareKept() {
    const KeptCheckpoint* const base = head_.CompareKept();
    if (base == nullptr) return;
    leaves_.BeginAt(report_.resumed->checkpoint.size.value);
    auto resumed = ResumeAt(source_, *genesis_, report_.resumed->checkpoint, base->acts,
                            [this](tlog::Sequence at) { return FindItem(at); });
    if (resumed) {
      state_.emplace(std::move(resumed->state));
      state_->AskOf([this](const custody::CollectedNumber& number) { return WasCollected(number); });
      tree_.Resume(std::move(resumed->tree));
      report_.acts = std::move(resumed->acts);
      return NoteSelectedBefore();
    }
    // The notes about it are no use, so the whole log is replayed, which names what is wrong.
    if (resumed.error().code == ErrorCode::kNotFound) {
      report_.remarks.push_back("the whole log was replayed: " + resumed.error().message);
    } else if (resumed.error().code == ErrorCode::kIo) {
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
    for (const tlog::Sequence at : options_.selected) {
      if (at.value >= leaves_.first()) break;
      const auto entry = ReadProven(source_, Base(), at);
      if (entry) {
        NoteSealedFile(at, *entry);
      } else {
        AddFinding(Property::kEntry, at, WithoutNoun(at, entry.error().message));
      }
    }
  }

  tlog::SignedSize Base() const { return {report_.resumed->checkpoint.size, report_.resumed->checkpoint.root}; }

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
    }
    report_.entries += batch->entries.size();
    if (options_.progress != nullptr) options_.progress->entries += batch->entries.size();
  }

  // The rules of custody, one entry after another.
  void Follow(tlog::Sequence sequence, ReadEntry& read) {
    if (!read.entry) AddFinding(Property::kEntry, sequence, read.problem);
    leaves_.Add(read.leaf, read.entry && custody::SealedFileOf(read.entry->parsed().body) != nullptr);
    NoteActs(sequence, read);
    if (!read.present) {
      // The bytes of this entry are unknown, so the tree cannot be completed.
      tree_.MissLeaf();
      missing_before_ = true;
      state_->SkipTo({sequence.value + 1}, read.leaf);
      return;
    }
    tree_.Append(read.leaf);
    if (sequence.value == 0) {
      if (read.entry) signers_.Add(read.entry->parsed());
      if (read.entry) read.signers = SignersOf(read.entry->parsed());
      return;
    }
    if (!read.entry) {
      state_->SkipTo({sequence.value + 1}, read.leaf);
      missing_before_ = false;
      return;
    }
    // After a missing entry, the predecessor is taken from the entry itself. The finding of the missing
    // entry says that it could not be compared.
    if (missing_before_) state_->SkipTo(sequence, read.entry->parsed().previous);
    missing_before_ = false;
    auto accepted = state_->Accept(*read.entry);
    if (accepted) {
      signers_.Add(read.entry->parsed());
      read.signers = std::move(accepted->signers);
      if (accepted->clock_stepped_back) {
        report_.remarks.push_back(Format("entry {}: its clock is earlier than that of the entry before", sequence));
      }
      NoteSealedFile(sequence, *read.entry);
      reseals_.Add(read.entry->parsed());
      collected_.Add(read.entry->parsed());
      return;
    }
    Error refused = accepted.error();
    refused.message = WithoutNoun(sequence, refused.message);
    Add(Property::kChain, sequence, refused);
    // Whether the keys that it names signed it is a finding of its own.
    read.signers = SignersOf(read.entry->parsed());
    NoteSealedFile(sequence, *read.entry);
    state_->SkipTo({sequence.value + 1}, read.leaf);
  }

  std::optional<custody::Signers> SignersOf(const custody::Entry& entry) const {
    auto signers = custody::Signers::Of(state_->facts(), entry);
    return signers ? std::optional(std::move(*signers)) : std::nullopt;
  }

  Result<custody::NamedItem> FindItem(tlog::Sequence at) const {
    if (at.value >= leaves_.first()) return leaves_.ItemAt(at);
    TRY(const custody::SignedEntry entry, ReadProven(source_, Base(), at));
    return custody::NamedItemOf(entry);
  }

  // For entries before the replay, as far as the source's index knows.
  Result<bool> WasCollected(const custody::CollectedNumber& number) const {
    const auto found = FindCollected(source_, number);
    if (!found) return Fail(found.error());
    return *found && (*found)->value < leaves_.first();
  }

  void NoteActs(tlog::Sequence sequence, const ReadEntry& read) {
    if (!read.entry) {
      unknown_.insert(sequence);
      return;
    }
    // An entry of 200 bytes can have 65,536 rows: they are held only where there is an index to compare them with.
    for (custody::ActRow& row : custody::ActRowsOf(sequence, read.entry->parsed().body)) {
      if (has_index_ || row.subject == custody::kStateSubject) acts_.push_back(std::move(row));
    }
  }

  bool HasIndex() const {
    const auto rows = source_.ReadActs({custody::kStateSubject, custody::kStateSubject});
    return rows || rows.error().code != ErrorCode::kNotFound;
  }

  // The finding names the entry already.
  static std::string WithoutNoun(tlog::Sequence sequence, const std::string& message) {
    const std::string noun = Format("entry {}: ", sequence);
    return message.starts_with(noun) ? message.substr(noun.size()) : message;
  }

  void NoteSealedFile(tlog::Sequence sequence, const custody::SignedEntry& entry) {
    const custody::SealedFile* const file = custody::SealedFileOf(entry.parsed().body);
    if (file == nullptr || (!options_.selected.empty() && !options_.selected.contains(sequence))) return;
    sealed_.push_back({sequence, *file, {}, custody::TypeOf(entry.parsed().body)});
    if (options_.progress != nullptr) options_.progress->bytes_total += file->payload_bytes;
  }

  // What later entries say of an item's headers. For items before the replay, the index says it.
  void AddRewrapped() {
    for (SealedEntry& entry : sealed_) {
      if (entry.sequence.value >= leaves_.first()) {
        entry.rewrapped = reseals_.Of(entry.sequence);
        continue;
      }
      auto found = FindRewrapped(source_, entry.sequence);
      if (found) {
        entry.rewrapped = std::move(*found);
      } else {
        AddFinding(Property::kHeader, entry.sequence, found.error().message);
      }
    }
  }

  void CheckIndex() {
    for (const custody::ActRow& row : acts_) {
      if (row.subject == custody::kStateSubject) report_.acts.push_back(row.sequence);
    }
    auto findings = verify::CheckIndex(source_, {std::move(acts_), unknown_, {leaves_.first()}, report_.head->size});
    std::ranges::move(findings, std::back_inserter(report_.findings));
  }

  void RemarkRecoveries() {
    for (const auto& [entry, recovered] : state_->facts().recoveries) {
      report_.remarks.push_back(
          Format("entry {}: the log went on from a copy that was restored; the head of {} was lost: {}", entry,
                 Describe(recovered.lost), recovered.reason));
    }
  }

  // An item that was shredded under a signed entry is not missing.
  void SetShreddedAside() {
    const auto& shredded = state_->facts().shredded;
    std::erase_if(sealed_, [&](const SealedEntry& entry) {
      const auto found = shredded.find(entry.sequence.value);
      if (found == shredded.end()) return false;
      const bool still_there = source_.ReadHeader(entry.sequence).has_value();
      report_.remarks.push_back(
          Format("item {}: shredded under entry {}{}", entry.sequence, found->second,
                 still_there ? "; its sealed file is still there, and goes when somebody next writes" : ""));
      if (options_.progress != nullptr) options_.progress->bytes_total -= entry.file.payload_bytes;
      return true;
    });
  }

  const Source& source_;
  const Options& options_;
  Pool& pool_;
  Report& report_;
  std::vector<SealedEntry>& sealed_;
  std::optional<custody::State> state_;
  std::optional<custody::SignedEntry> genesis_;
  SignedHead head_;
  TreeCheck tree_;
  LeafNotes leaves_;
  SignerNotes signers_;
  bool has_index_ = false;
  std::vector<custody::ActRow> acts_;  // rows that the index should have
  ResealNotes reseals_;
  CollectedNotes collected_;
  std::set<tlog::Sequence> unknown_;  // entries that could not be read
  bool stuck_ = false;                // something could not be read
  bool missing_before_ = false;
};

}  // namespace

Result<void> CheckLog(const Source& source, const Options& options, Pool& pool, Report& report,
                      std::vector<SealedEntry>& sealed) {
  return LogChecker(source, options, pool, report, sealed).Run();
}

}  // namespace exhibit::verify

#include "vault/bundle/told_log_check.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/omissions.h"
#include "vault/crypto/timestamp_claim.h"
#include "vault/custody/field_blocks.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/stamped_checkpoint.h"
#include "vault/verify/log_remarks.h"
#include "vault/verify/policy_check.h"

namespace exhibit::bundle {

using verify::Property;

namespace {

// How many entries are read and checked together; this bounds the memory for them.
constexpr std::size_t kBatchEntries = 1024;
// After so many that cannot be read, it is no log that somebody changed, and the rest is not looked at.
constexpr std::size_t kMostUnread = 1000;

}  // namespace

struct ToldLogCheck::Parsed {
  Result<custody::SignedEntry> entry = Fail(ErrorCode::kNotFound, "not read");
  std::optional<ByteRange> block;  // of its fields, if it has some
  Result<void> block_holds = {};
  std::optional<custody::FieldList> fields = {};  // if they are its own
  std::vector<verify::Finding> findings = {};
  std::optional<custody::Signers> signers = {};  // still to be checked
  Result<void> signatures = {};
};

void ToldLogCheck::AddFinding(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
  report_.findings.push_back({property, entry, {}, {}, error.message, {}, error.code});
}

Result<custody::FieldList> ReadFields(const LogPart& fields, const ToldEntry& entry) {
  if (!entry.fields) return Fail(ErrorCode::kTampered, "its fields are not told");
  TRY(const std::string block, fields.Read(*entry.fields));
  TRY(custody::FieldList list, custody::FieldList::ParseBlock(block));
  // They were checked when the log was; the file may have changed since.
  if (!entry.sealed || list.digest() == entry.sealed->fields) return list;
  return Fail(ErrorCode::kTampered, "its fields changed while the bundle was read");
}

Result<void> ToldLogCheck::CheckEntries(const LogPart& entries, const LogPart& fields) {
  fields_ = &fields;
  auto blocks = FindFieldBlocks(fields);
  if (blocks) {
    blocks_ = std::move(*blocks);
  } else {
    AddFinding(Property::kFields, {}, std::move(blocks).error().In(kFieldsFile));
  }
  if (entries.bytes() == 0) AddFinding(Property::kGenesis, {}, {ErrorCode::kTampered, "no entry is told", {}});
  EntryReader reader(entries);
  for (bool goes_on = true; goes_on;) {
    TRY_VOID(StopIfAsked(interrupted_));
    std::vector<std::string> batch;
    while (batch.size() < kBatchEntries) {
      auto piece = reader.Next();
      if (!piece) {
        AddFinding(Property::kGenesis, {}, Error(piece.error()).In(kEntriesFile));
        return {};
      }
      if (piece->empty()) break;
      batch.push_back(std::move(*piece));
    }
    goes_on = CheckBatch(batch) && batch.size() == kBatchEntries;
  }
  if (has_begun()) CheckBlocksHaveEntries();
  return {};
}

// False if nothing after these can be read.
bool ToldLogCheck::CheckBatch(const std::vector<std::string>& batch) {
  std::vector<Parsed> parsed(batch.size());
  pool_.ForEach(batch.size(), [&](std::size_t i) { Parse(batch[i], parsed[i]); });
  bool goes_on = true;
  for (std::size_t i = 0; i < batch.size() && goes_on; ++i) goes_on = Take(batch[i], parsed[i]);
  pool_.ForEach(batch.size(), [&](std::size_t i) {
    Parsed& one = parsed[i];
    if (one.signers) one.signatures = custody::CheckSignatures(*one.entry, *one.signers);
  });
  for (Parsed& one : parsed) {
    std::ranges::move(one.findings, std::back_inserter(report_.findings));
    if (!one.signatures) AddFinding(Property::kSignature, one.entry->parsed().sequence, one.signatures.error());
  }
  return goes_on;
}

// What needs no other entry. Called by several threads.
void ToldLogCheck::Parse(std::string_view piece, Parsed& parsed) const {
  parsed.entry = custody::SignedEntry::Parse(ToBytes(ViewOf(piece)));
  if (parsed.entry) TakeFields(parsed);
}

void ToldLogCheck::TakeFields(Parsed& parsed) const {
  const custody::Entry& entry = parsed.entry->parsed();
  const auto block = std::ranges::lower_bound(blocks_, entry.sequence, {}, &ToldBlock::entry);
  // What fields an entry of a newer version has, who knows that version can say.
  if (block == blocks_.end() || block->entry != entry.sequence || std::holds_alternative<custody::Upgrade>(entry.body))
    return;
  const auto check = [&]() -> Result<custody::FieldList> {
    TRY(const std::string lines, fields_->Read(block->lines));
    TRY(custody::FieldList fields, custody::FieldList::ParseBlock(lines));
    TRY_VOID(custody::CheckBlock(entry, fields));
    return fields;
  };
  auto fields = check();
  if (!fields) {
    parsed.block_holds = Fail(std::move(fields).error());
    return;
  }
  parsed.block = block->lines;
  parsed.fields.emplace(std::move(*fields));
}

bool ToldLogCheck::Take(std::string_view piece, Parsed& parsed) {
  if (unread_ == kMostUnread) {
    AddFinding(Property::kEntry, {},
               {ErrorCode::kTampered, "nothing was read after a thousand entries that are none", {}});
    return false;
  }
  if (report_.newer_from) {
    TakeNewer(piece);
    return true;
  }
  if (!last_) return TakeGenesis(parsed);
  if (!parsed.entry) {
    TakeUnread(piece, parsed.entry.error());
    return true;
  }
  const custody::Entry& entry = parsed.entry->parsed();
  if (entry.sequence <= *last_) {
    NoteUnread();
    AddFinding(Property::kEntry, {},
               {ErrorCode::kTampered,
                Format("after entry {} there is one that says that it is entry {}", *last_, entry.sequence),
                {}});
    return true;
  }
  RulesCheck::Checked checked = rules_.Check(*parsed.entry, parsed.fields ? &*parsed.fields : nullptr);
  std::ranges::move(checked.findings, std::back_inserter(parsed.findings));
  std::ranges::move(checked.remarks, std::back_inserter(report_.remarks));
  parsed.signers = std::move(checked.signers);
  Keep(parsed);
  if (const auto& newer = rules_.state().newer()) {
    report_.newer_from = newer;
  } else if (const auto* const upgrade = std::get_if<custody::Upgrade>(&entry.body)) {
    // One that is no law here, because a rule forbids it, is not read further either.
    report_.newer_from = custody::NewerFrom{entry.sequence, upgrade->version};
  }
  return true;
}

bool ToldLogCheck::TakeGenesis(Parsed& parsed) {
  const tlog::Sequence zero{0};
  if (!parsed.entry) {
    whole_ = false;
    if (parsed.entry.error().code == ErrorCode::kUnsupported) {
      report_.newer_from = custody::NewerFrom{zero, 0};
    } else {
      AddFinding(Property::kGenesis, zero, parsed.entry.error());
    }
    return false;
  }
  const custody::SignedEntry& genesis = *parsed.entry;
  if (genesis.parsed().sequence != zero) {
    AddFinding(Property::kGenesis, {},
               {ErrorCode::kTampered,
                Format("the first entry that is told is entry {}, and not the genesis", genesis.parsed().sequence),
                {}});
    return false;
  }
  RulesCheck::Checked checked = rules_.Begin(genesis);
  std::ranges::move(checked.findings, std::back_inserter(parsed.findings));
  if (!has_begun()) return false;
  const custody::Fingerprint& found = rules_.state().fingerprint();
  report_.fingerprint = found;
  if (believed_.fingerprint && *believed_.fingerprint != found) {
    AddFinding(Property::kGenesis, zero,
               {ErrorCode::kTampered,
                Format("this is of another vault: its fingerprint is {}, and {} was expected", ToHex(found.view()),
                       ToHex(believed_.fingerprint->view())),
                {}});
  }
  if (believed_.case_keys != nullptr) labels_.emplace(*believed_.case_keys, found);
  holders_.emplace([this](tlog::Sequence item) {
    const auto person = taken_in_by_.find(item);
    return person == taken_in_by_.end() ? std::optional<custody::Person>() : std::optional(person->second);
  });
  Keep(parsed);
  return true;
}

// It cannot be read, so its position is known only if it says one.
void ToldLogCheck::TakeUnread(std::string_view piece, const Error& error) {
  NoteUnread();
  const auto says = custody::ReadNewerSequence(ViewOf(piece));
  const bool is_next = says && *says > *last_;
  rules_.PassOverUnread(is_next ? *says : tlog::Sequence{last_->value + 1});
  AddFinding(Property::kEntry, is_next ? std::optional(*says) : std::nullopt,
             {error.code, is_next ? error.message : Format("after entry {}: {}", *last_, error.message), {}});
}

// Its bytes count in the tree, and nothing else of it is read.
void ToldLogCheck::TakeNewer(std::string_view piece) {
  const auto at = custody::ReadNewerSequence(ViewOf(piece));
  if (at && *at > *last_) {
    last_ = *at;
    newer_.emplace(*at, tlog::HashLeaf(ViewOf(piece)));
    return;
  }
  NoteUnread();
  AddFinding(Property::kEntry, {},
             {ErrorCode::kTampered, Format("after entry {} there is one without a later position", *last_), {}});
}

void ToldLogCheck::Keep(const Parsed& parsed) {
  const custody::Entry& entry = parsed.entry->parsed();
  last_ = entry.sequence;
  ++report_.entries;
  const bool has_original = custody::FormOf(entry.body).sealed == custody::SealedRule::kContent;
  entries_.emplace(entry.sequence, ToldEntry{custody::FormOf(entry.body).type, entry.actor, parsed.entry->leaf(),
                                             has_original ? entry.sealed : std::nullopt, parsed.block});
  if (!parsed.block_holds) AddFinding(Property::kFields, entry.sequence, parsed.block_holds.error());
  if (labels_) labels_->Add(entry);
  RemarkHolder(entry, parsed.fields ? &*parsed.fields : nullptr);
}

// A bundle may not tell every transfer, so who holds an item is not known for sure.
void ToldLogCheck::RemarkHolder(const custody::Entry& entry, const custody::FieldList* fields) {
  const auto person_of = [&](const custody::Actor& actor) -> std::optional<custody::Person> {
    const auto found = rules_.state().facts().handles.find(std::string(actor.name()));
    return found == rules_.state().facts().handles.end() ? std::nullopt : std::optional(found->second);
  };
  if (const auto person = person_of(entry.actor)) taken_in_by_.emplace(entry.sequence, *person);
  const auto* const transfer = std::get_if<custody::Transfer>(&entry.body);
  if (transfer == nullptr || transfer->outcome != custody::TransferOutcome::kAccepted || fields == nullptr) return;
  const auto items = custody::ItemsIn(*fields);
  const auto from = person_of(transfer->statement.said().released_by);
  const auto to = person_of(transfer->statement.said().received_by);
  if (!items || !*items || !from || !to) return;
  if (const auto wrong = holders_->HandOver(**items, *from, *to)) {
    report_.remarks.push_back(Format("entry {}: {} released item {}, which {} held, as far as the entries here tell",
                                     entry.sequence, custody::NameOf(*from), wrong->item,
                                     custody::NameOf(wrong->holder)));
  }
}

void ToldLogCheck::CheckBlocksHaveEntries() {
  for (const ToldBlock& block : blocks_) {
    if (entries_.contains(block.entry) || IsNewer(block.entry)) continue;
    AddFinding(Property::kFields, block.entry, {ErrorCode::kTampered, "has fields, and is not told", {}});
  }
}

const ToldEntry* ToldLogCheck::Find(tlog::Sequence at) const {
  const auto found = entries_.find(at);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<custody::FieldList> ToldLogCheck::FieldsOf(tlog::Sequence at) const {
  const ToldEntry* const entry = Find(at);
  if (entry == nullptr || !entry->fields) return std::nullopt;
  auto fields = ReadFields(*fields_, *entry);
  return fields ? std::optional(std::move(*fields)) : std::nullopt;
}

ToldLeaves ToldLogCheck::leaves() const {
  ToldLeaves leaves = newer_;
  for (const auto& [at, entry] : entries_) leaves.emplace(at, entry.leaf);
  return leaves;
}

// --- the tree ---

Result<void> ToldLogCheck::OpenCheckpoint(std::string_view text) {
  note_ = ToBytes(ViewOf(text));
  const custody::LogKeys& keys = rules_.state().log_keys();
  if (report_.newer_from) {
    // Which keys sign it, a newer entry may say.
    if (note_.size() > custody::kMaxHeadBytes) return Fail(ErrorCode::kInvalid, "longer than 65,535 bytes");
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(note_));
    TRY(checkpoint_, tlog::DecodeCheckpoint(note.text()));
    if (checkpoint_->origin != rules_.state().origin()) return Fail(ErrorCode::kTampered, "is of another log");
    return {};
  }
  TRY(custody::LogKeys::Head head, keys.Open(note_));
  checkpoint_ = head.checkpoint;
  report_.head = head.checkpoint;
  report_.log_key = keys.For(head.checkpoint.size).ed25519;
  report_.log_keys = keys;
  report_.unchecked_keys = std::move(head.unchecked);
  return {};
}

void ToldLogCheck::CheckTree(std::string_view checkpoint, std::string_view hashes) {
  if (auto opened = OpenCheckpoint(checkpoint); !opened) return AddFinding(Property::kHead, {}, opened.error());
  if (!report_.head) report_.head = checkpoint_;
  if (!whole_) return;  // what is missing in the tree was said
  const tlog::TreeSize size = checkpoint_->size;
  if (last_->value + 1 != size.value) {
    return AddFinding(Property::kTree, {},
                      {ErrorCode::kTampered,
                       Format("the last entry that is told is entry {}, and the checkpoint has {} "
                              "entries",
                              *last_, size),
                       {}});
  }
  const auto check = [&]() -> Result<void> {
    TRY(const std::vector<tlog::HiddenSubtree> hidden, ParseSubtrees(hashes));
    TRY(const tlog::RootHash root, RootOf(size, leaves(), hidden));
    if (root == checkpoint_->root) return {};
    return Fail(ErrorCode::kTampered, "the entries and hashes do not make the root of the checkpoint");
  };
  if (auto holds = check(); !holds) return AddFinding(Property::kTree, {}, std::move(holds).error().In(kHashesFile));
  if (believed_.policy != nullptr && !report_.newer_from) {
    verify::CheckPolicy(*believed_.policy, note_, *report_.log_key, report_);
  }
}

void ToldLogCheck::CheckTimestamps(std::string_view timestamps) {
  if (report_.newer_from || !report_.log_key) return;
  const auto check = [&]() -> Result<void> {
    TRY(const tlog::StampedCheckpoint stamped, tlog::FindStamped(note_, *report_.log_key));
    const crypto::TimestampDemands demands{crypto::Sha256(stamped.bytes), {}, {}};
    TRY(const std::vector<Bytes> tokens, ParseTokens(timestamps));
    for (const Bytes& bytes : tokens) {
      const auto claim = crypto::ReadTimestampClaim(bytes);
      if (!claim || claim->imprint != demands.imprint)
        return Fail(ErrorCode::kTampered, "has a token that is malformed, or over something else");
      verify::HeadStamp stamp{{claim->seconds * 1000}, {}};
      if (believed_.timestamp_roots != nullptr) {
        TRY(const auto token, crypto::TimestampToken::Parse(bytes));
        TRY(stamp.holds, crypto::VerifyTimestamp(token, demands, *believed_.timestamp_roots));
      }
      report_.head_stamps.push_back(std::move(stamp));
    }
    return {};
  };
  if (auto holds = check(); !holds) AddFinding(Property::kTimestamp, {}, std::move(holds).error().In(kTimestampsFile));
}

// Nothing here proves that the log extends the checkpoint that was stamped.
void ToldLogCheck::RemarkStamps() {
  for (const auto& [at, entry] : entries_) {
    if (entry.type != custody::Timestamped::kForm.type) continue;
    report_.remarks.push_back(
        Format("entry {}: what this timestamp proves is not judged in a bundle (exhibit verify-log does, of the "
               "published log)",
               at));
  }
}

void ToldLogCheck::Finish(const std::vector<tlog::Sequence>& here) {
  if (report_.head) {
    std::set<tlog::Sequence> told;
    for (const auto& [at, leaf] : leaves()) told.insert(at);
    report_.not_here = Gaps(report_.head->size, told);
    // Who is told the whole log sees what is missing of collectors' chains.
    if (report_.not_here.empty() && whole_ && !report_.newer_from)
      verify::RemarkGaps(*rules_.state().facts().collectors, report_);
  }
  if (believed_.timestamp_roots != nullptr) RemarkStamps();
  report_.recoveries = rules_.state().facts().recoveries;
  verify::JudgeCompromises(rules_.state().facts(), rules_.signers(), {0}, report_);
  if (!labels_) return;
  std::move(*labels_).Finish(report_);
  const custody::Fingerprint& vault = rules_.state().facts().fingerprint;
  for (const auto& [at, entry] : entries_) {
    const auto fields = entry.sealed ? FieldsOf(at) : std::nullopt;
    if (!fields) continue;
    std::ranges::move(
        verify::CompareLabels(at, *entry.sealed, *fields, vault, verify::FindAmong(*believed_.case_keys, vault)),
        std::back_inserter(report_.remarks));
  }
  for (verify::Labelled& one : report_.labelled) {
    std::ranges::set_difference(one.items, here, std::back_inserter(one.missing));
  }
}

}  // namespace exhibit::bundle

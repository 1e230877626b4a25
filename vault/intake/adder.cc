#include "vault/intake/adder.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/intake/file_facts.h"
#include "vault/seal/plaintext.h"

namespace exhibit::intake {
namespace {

// The items of a group share some ten syncs of the disk; twice as many may wait, so that sealing goes on meanwhile.
constexpr std::size_t kGroupItems = 512;
constexpr std::size_t kGroupBytes = 16 << 20;
constexpr std::size_t kWaitingItems = 2 * kGroupItems;
constexpr std::uint64_t kWaitingBytes = 3 * kGroupBytes;
constexpr std::size_t kSmallBytes = seal::kEarlyFrameBytes;

bool IsSmall(const Input& input) { return input.can_retry && input.size_hint <= kSmallBytes; }

// Reads everything, up to one byte more than a small file has: then it is not small, whatever its status said.
Result<Bytes> ReadSmall(FileSource& source, std::uint64_t size_hint) {
  Bytes content(std::min<std::size_t>(static_cast<std::size_t>(size_hint), kSmallBytes) + 1);
  std::size_t filled = 0;
  for (;;) {
    TRY(const std::size_t got, source.Read(MutableByteView(content).subspan(filled)));
    filled += got;
    if (filled < content.size() || filled > kSmallBytes) break;
    content.resize(kSmallBytes + 1);
  }
  content.resize(filled);
  return content;
}

struct SmallFile {
  Bytes content;
  custody::ItemFacts facts;  // as AsOpened gives them
  Ending ending = {};
};

// What is known of an input whose file was opened just now.
custody::ItemFacts AsOpened(const Input& input, const FileSource& source) {
  custody::ItemFacts facts = input.facts;
  if (!facts.times.empty()) RenewTimes(facts.times, source.status());
  return facts;
}

// What could be read of a file on a failing medium, if it is not all of it. An error if that is nothing.
Result<std::optional<custody::PartialFacts>> PartialOf(const Input& input, const FileSource& file, std::uint64_t size) {
  const auto& failed = file.salvage().first_error();
  if (failed && file.salvage().unread() == size) return Fail(*failed);
  const auto& cut = file.cut();
  if (cut && (input.on_cut == OnCut::kRefuse || size == 0)) return Fail(*cut);
  if (cut && cut->code == ErrorCode::kInterrupted) return std::optional(custody::PartialFacts{"interrupted"});
  if (cut) return std::optional(custody::PartialFacts{std::string(custody::kReadError)});
  if (failed) return std::optional(custody::PartialFacts{std::string(custody::kUnreadable)});
  return std::optional<custody::PartialFacts>();
}

// How reading the file to its end came out, but for whether it changed.
Result<Ending> EndingOfMedium(const Input& input, const FileSource& file, std::uint64_t size) {
  Ending ending;
  TRY(ending.partial, PartialOf(input, file, size));
  ending.unread = file.salvage().unread();
  if (ending.unread > 0) ending.more.emplace_back(std::string(kGaps), GapsField(file.salvage().gaps()));
  return ending;
}

Result<SmallFile> ReadOnce(const Input& input) {
  TRY(FileSource source, input.open());
  SmallFile file{{}, AsOpened(input, source)};
  TRY(file.content, ReadSmall(source, input.size_hint));
  TRY(file.ending, EndingOfMedium(input, source, file.content.size()));
  if (!source.cut()) {
    TRY(file.ending.changed, source.Changed());
  }
  return file;
}

// Reads a file, and reads it again if it changed meanwhile. What was read first is kept, and marked, if the second look
// gives less or nothing: a log was emptied or rotated. Nothing if it is not small.
Result<std::optional<SmallFile>> ReadStable(const Input& input) {
  if (!input.open) return SmallFile{ToBytes(ViewOf(*input.facts.link_target)), input.facts};
  TRY(SmallFile first, ReadOnce(input));
  if (first.content.size() > kSmallBytes) return std::nullopt;
  if (!first.ending.changed) return first;
  auto second = ReadOnce(input);
  if (!second || second->content.size() < first.content.size()) return first;
  if (second->content.size() > kSmallBytes) return std::nullopt;
  return std::move(*second);
}

Result<store::Fields> FieldsOf(const Input& input, OriginalWatch& watch, const Ending& ending) {
  TRY(store::Fields fields, watch.Finish(ending));
  fields.insert(fields.end(), input.more.begin(), input.more.end());
  return fields;
}

// How the reading of a large file or a stream ended, or why it is not taken in so. kBusy: it is to be read again.
Result<Ending> EndingOf(const Input& input, const FileSource& file, std::uint64_t size, bool accept_change) {
  TRY(Ending ending, EndingOfMedium(input, file, size));
  if (file.cut()) return ending;
  if (input.ended) {
    TRY(StreamEnd end, input.ended(size));
    return Ending{false, std::move(end.partial), 0, std::move(end.more)};
  }
  if (size == 0 && !input.may_be_empty) {
    return Fail(ErrorCode::kInvalid, "nothing came through it",
                "did the program before it fail? --allow-empty takes an empty one in");
  }
  TRY(ending.changed, file.Changed());
  // Read again, unless that would give less: a log was emptied or rotated.
  if (ending.changed && !accept_change && !file.WouldReadLess()) {
    return Fail(ErrorCode::kBusy, "changed while it was read");
  }
  return ending;
}

// Remembers whether an error came from the stage or from the input.
class WatchedStage final : public seal::SealedSink {
 public:
  WatchedStage(store::SealedStage& stage, Result<void>& result) : stage_(stage), result_(result) {}
  Result<void> Begin(ByteView header) override { return result_ = stage_.Begin(header); }
  Result<void> Put(ByteView bytes) override { return result_ = stage_.Put(bytes); }

 private:
  store::SealedStage& stage_;
  Result<void>& result_;
};

std::string PathOf(const Input& input) { return input.facts.path.value_or(input.facts.name.value_or("")); }

}  // namespace

Adder::Adder(std::unique_ptr<Destination> destination, Pool& pool, Options options,
             std::function<void(const Added&)> on_added, std::function<void(const Refused&)> on_refused)
    : destination_(std::move(destination)),
      pool_(pool),
      options_(std::move(options)),
      on_added_(std::move(on_added)),
      on_refused_(std::move(on_refused)),
      recall_(options_.journal, *destination_),
      outcome_{destination_->head(), 0, 0, 0, 0, 0, {}} {}

Adder::~Adder() {
  for (const Sealing& sealing : waiting_) sealing.result.wait();
}

void Adder::CountProgress(std::size_t bytes) const {
  if (options_.progress != nullptr) *options_.progress += bytes;
}

Result<std::optional<store::SealedEntry>> Adder::SealSmall(const Input& input) const {
  TRY(std::optional<SmallFile> file, ReadStable(input));
  if (!file) return std::nullopt;
  OriginalWatch watch(std::move(file->facts), input.sealing);
  watch.See(file->content);
  TRY(store::Fields fields, FieldsOf(input, watch, file->ending));
  TRY(store::SealedEntry sealed,
      destination_->sealer().Seal(std::move(fields), input.facts.cases, file->content, options_.level));
  CountProgress(file->content.size());
  return sealed;
}

Result<void> Adder::Add(Input input) {
  if (IsSet(options_.interrupted)) return {};
  if (options_.known == Known::kPassOver && input.look && recall_.EntryOf(*input.look)) {
    ++outcome_.known;
    return {};
  }
  if (!IsSmall(input)) {
    TRY_VOID(CommitAllSmall());
    return AddLarge(std::move(input));
  }
  auto kept = std::make_shared<Input>(std::move(input));
  auto result = pool_.Submit([this, input = kept] { return SealSmall(*input); });
  waiting_bytes_ += kept->size_hint;
  waiting_.push_back({std::move(kept), std::move(result)});
  const bool enough = waiting_.size() >= kWaitingItems || waiting_bytes_ >= kWaitingBytes;
  return enough ? CommitOldestSmall() : Result<void>();
}

void Adder::Refuse(Refused refused) {
  on_refused_(refused);
  omissions_.Add(refused.path, refused.reason.message);
  ++outcome_.refused;
}

void Adder::LeaveOut(const std::filesystem::path& path, const std::string& why) {
  if (options_.on_left_out) options_.on_left_out(path, why);
  omissions_.Add(path, why);
  ++outcome_.left_out;
}

void Adder::Miss(const Refused& missed) {
  omissions_.Add(missed.path, missed.reason.message);
  ++outcome_.missed;
}

void Adder::NotTaken(const Input& input, const Error& why) {
  const bool is_none = why.code == ErrorCode::kNotFound || (input.ended && why.code == ErrorCode::kInvalid);
  if (input.wanted == Wanted::kIfThere && is_none) {
    LeaveOut(PathOf(input), why.message);
  } else {
    Refuse({PathOf(input), why});
  }
}

Result<void> Adder::CommitOldestSmall() {
  std::vector<Ready> group;
  std::size_t bytes = 0;
  std::shared_ptr<Input> large;
  while (!waiting_.empty() && large == nullptr && group.size() < kGroupItems && bytes < kGroupBytes) {
    Sealing sealing = std::move(waiting_.front());
    waiting_.pop_front();
    auto sealed = sealing.result.get();
    waiting_bytes_ -= sealing.input->size_hint;
    if (!sealed) {
      NotTaken(*sealing.input, sealed.error());
    } else if (!*sealed) {
      large = std::move(sealing.input);  // in its place: the group before it is committed first
    } else {
      bytes += (*sealed)->payload.size();
      group.push_back({{custody::Item{}, std::move(**sealed)}, {}, std::move(sealing.input->look)});
    }
  }
  if (!group.empty()) TRY_VOID(CommitGroup(std::move(group), nullptr));
  return large == nullptr ? Result<void>() : AddLarge(std::move(*large));
}

Result<void> Adder::CommitAllSmall() {
  while (!waiting_.empty()) TRY_VOID(CommitOldestSmall());
  return {};
}

Result<void> Adder::AddLarge(Input input) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    TRY(std::unique_ptr<store::SealedStage> stage, destination_->NewStage());
    // An error of the vault ends everything; an error of the input is a refusal.
    Result<void> store_result;
    const bool last_attempt = attempt > 0 || !input.can_retry;
    auto sealed = SealLarge(input, *stage, last_attempt, store_result);
    TRY_VOID(store_result);
    if (sealed) {
      TRY(store::SealedPlace place, stage->End(sealed->block_hashes, sealed->layout.Line()));
      std::vector<Ready> group;
      group.push_back({{custody::Item{}, std::move(*sealed), std::move(place)}, {}, std::move(input.look)});
      return CommitGroup(std::move(group), std::move(stage));
    }
    if (sealed.error().code == ErrorCode::kInterrupted) return {};
    if (sealed.error().code == ErrorCode::kBusy && !last_attempt) continue;
    NotTaken(input, sealed.error());
    return {};
  }
  return {};
}

Result<store::SealedEntry> Adder::SealLarge(const Input& input, store::SealedStage& stage, bool accept_change,
                                            Result<void>& store_result) {
  TRY(FileSource file, input.open());
  SealingChoices choices = input.sealing;
  const bool is_long = input.size_hint > kMaxTextForParts;
  if (is_long && choices.parts == PartsChoice::kOfText) choices.parts = PartsChoice::kNone;
  OriginalWatch watch(AsOpened(input, file), choices);
  WatchedStage sink(stage, store_result);
  store::EntrySealer::Stream stream;
  stream.cases = input.facts.cases;
  stream.level = options_.level;
  stream.see = [&](ByteView piece) {
    watch.See(piece);
    CountProgress(piece.size());
  };
  stream.fields = [&](std::uint64_t size) -> Result<store::Fields> {
    TRY(const Ending ending, EndingOf(input, file, size, accept_change));
    return FieldsOf(input, watch, ending);
  };
  // A stream that is kept ends when somebody asks to stop; its source says so.
  const bool ends_by_itself = !input.can_retry && input.on_cut == OnCut::kKeep;
  stream.interrupted = ends_by_itself ? nullptr : options_.interrupted;
  return destination_->sealer().Seal(file, stream, pool_, sink);
}

Result<void> Adder::CommitGroup(std::vector<Ready> group, std::unique_ptr<store::SealedStage> stage) {
  for (Ready& ready : group) ready.facts = custody::ItemFactsIn(*ready.pending.sealed->fields);
  const tlog::Sequence expected = destination_->next();
  auto noted = recall_.NoteGroup(group);
  if (!noted && options_.on_remark) {
    options_.on_remark("what is added is not remembered for --resume: " + noted.error().message);
  }
  std::vector<store::Pending> pending;
  for (Ready& ready : group) pending.push_back(std::move(ready.pending));
  TRY(store::Committed committed, destination_->Commit(std::move(pending), std::move(stage)));
  if (auto moved = recall_.NoteCommitted(committed.first); !moved && options_.on_remark) {
    options_.on_remark("what was added is not remembered for --resume: " + moved.error().message);
  }
  outcome_.checkpoint = std::move(committed.checkpoint);
  for (std::size_t i = 0; i < group.size(); ++i) {
    std::optional<tlog::Sequence> same = noted ? (*noted)[i] : std::nullopt;
    // Of an item of this group, which may have gone where it was not expected.
    if (same && *same >= expected) same->value = same->value - expected.value + committed.first.value;
    ++outcome_.added;
    on_added_({{committed.first.value + i}, std::move(group[i].facts), same});
  }
  return {};
}

Result<void> Adder::CommitOmissions() {
  if (omissions_.empty()) return {};
  std::unique_ptr<store::SealedStage> stage;
  std::vector<store::Pending> group;
  TRY(store::Pending sealed, omissions_.Seal(*destination_, options_.cases, options_.level, pool_, stage));
  group.push_back(std::move(sealed));
  TRY(store::Committed committed, destination_->Commit(std::move(group), std::move(stage)));
  outcome_.checkpoint = std::move(committed.checkpoint);
  outcome_.omission = committed.first;
  return {};
}

Result<Adder::Outcome> Adder::Finish() {
  TRY_VOID(CommitAllSmall());
  // After an interruption too: inputs that were not reached are no omissions, inputs that were refused are.
  TRY_VOID(CommitOmissions());
  TRY_VOID(destination_->Close());
  recall_.Settle();
  if (IsSet(options_.interrupted)) {
    return Fail(ErrorCode::kInterrupted, Format("interrupted: {} taken in; the rest was not begun, or left no trace",
                                                Counted(outcome_.added, "item was", "items were")));
  }
  return outcome_;
}

}  // namespace exhibit::intake

#include "vault/intake/adder.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/json.h"
#include "vault/base/text.h"
#include "vault/intake/kind.h"
#include "vault/intake/sealed_text.h"

namespace exhibit::intake {
namespace {

// The items of a group share some ten syncs of the disk; twice as many may wait, so that sealing goes on meanwhile.
constexpr std::size_t kGroupItems = 512;
constexpr std::size_t kGroupBytes = 16 << 20;
constexpr std::size_t kWaitingItems = 2 * kGroupItems;
constexpr std::uint64_t kWaitingBytes = 3 * kGroupBytes;

bool FitsOneFrame(const Input& input) { return input.can_retry && input.size_hint <= seal::kFrameBytes; }

// Reads everything, up to one byte more than a frame: then the file is not small, whatever its status said.
Result<Bytes> ReadSmall(FileSource& source, std::uint64_t size_hint) {
  Bytes content(std::min<std::size_t>(static_cast<std::size_t>(size_hint), seal::kFrameBytes) + 1);
  std::size_t filled = 0;
  for (;;) {
    TRY(const std::size_t got, source.Read(MutableByteView(content).subspan(filled)));
    filled += got;
    if (filled < content.size() || filled > seal::kFrameBytes) break;
    content.resize(seal::kFrameBytes + 1);
  }
  content.resize(filled);
  return content;
}

struct SmallFile {
  Bytes content;
  bool changed = false;  // while it was read
};

Result<SmallFile> ReadOnce(const Input& input) {
  TRY(FileSource source, input.open());
  TRY(Bytes content, ReadSmall(source, input.size_hint));
  TRY(const bool changed, source.Changed());
  return SmallFile{std::move(content), changed};
}

// Reads a file, and reads it again if it changed meanwhile. What was read first is kept, and marked, if the second look
// gives less or nothing: a log was emptied or rotated. Nothing if it has more than a frame.
Result<std::optional<SmallFile>> ReadStable(const Input& input) {
  TRY(SmallFile first, ReadOnce(input));
  if (first.content.size() > seal::kFrameBytes) return std::nullopt;
  if (!first.changed) return first;
  auto second = ReadOnce(input);
  if (!second || second->content.size() < first.content.size()) return first;
  if (second->content.size() > seal::kFrameBytes) return std::nullopt;
  return std::move(*second);
}

// Keeps the first bytes that pass through, to guess the kind.
class SampledSource final : public store::ByteSource {
 public:
  explicit SampledSource(FileSource& source) : source_(source) {}
  Result<std::size_t> Read(MutableByteView buffer) override {
    TRY(const std::size_t got, source_.Read(buffer));
    if (sample_.size() < kKindSampleBytes) {
      Append(sample_, ByteView(buffer).first(std::min(got, kKindSampleBytes - sample_.size())));
    }
    return got;
  }
  ByteView sample() const { return sample_; }

 private:
  FileSource& source_;
  Bytes sample_;
};

// Remembers whether an error came from the stage or from the input.
class WatchedStage final : public store::SealedSink {
 public:
  WatchedStage(store::SealedStage& stage, Result<void>& result) : stage_(stage), result_(result) {}
  Result<void> Begin(ByteView header) override { return result_ = stage_.Begin(header); }
  Result<void> Put(ByteView bytes) override { return result_ = stage_.Put(bytes); }

 private:
  store::SealedStage& stage_;
  Result<void>& result_;
};

std::string PathOf(const Input& input) { return input.metadata.path.value_or(input.metadata.name); }

}  // namespace

Adder::Adder(std::unique_ptr<Destination> destination, Pool& pool, Options options,
             std::function<void(const Added&)> on_added, std::function<void(const Refused&)> on_refused)
    : destination_(std::move(destination)),
      pool_(pool),
      options_(options),
      on_added_(std::move(on_added)),
      on_refused_(std::move(on_refused)),
      outcome_{destination_->head(), 0, 0, {}} {}

Adder::~Adder() {
  for (const Sealing& sealing : waiting_) sealing.result.wait();
}

store::SealRequest Adder::RequestFor(Input& input) const {
  return {destination_->recipient(), options_.level,    input.digests,       std::move(input.metadata),
          input.on_mismatch,         options_.progress, options_.interrupted};
}

Result<void> Adder::Add(Input input) {
  if (IsSet(options_.interrupted)) return {};
  if (!FitsOneFrame(input)) {
    TRY_VOID(CommitAllSmall());
    return AddLarge(std::move(input));
  }
  std::filesystem::path path = PathOf(input);
  auto kept = std::make_shared<Input>(std::move(input));
  auto task = [this, input = kept]() -> Result<std::optional<store::SealedSmallItem>> {
    Bytes content;
    if (input->open) {
      TRY(std::optional<SmallFile> file, ReadStable(*input));
      if (!file) return std::nullopt;
      content = std::move(file->content);
      input->metadata.changed_while_read = file->changed;
    } else {
      content = ToBytes(ViewOf(*input->metadata.link_target));
    }
    if (!input->kind_is_given) {
      input->metadata.kind =
          GuessKind(input->metadata.name, ByteView(content).first(std::min(content.size(), kKindSampleBytes)));
    }
    TRY(store::SealedSmallItem sealed, store::SealSmall(content, RequestFor(*input)));
    return sealed;
  };
  waiting_bytes_ += kept->size_hint;
  auto result = pool_.Submit(std::move(task));
  waiting_.push_back({std::move(path), std::move(kept), std::move(result)});
  const bool enough = waiting_.size() >= kWaitingItems || waiting_bytes_ >= kWaitingBytes;
  return enough ? CommitOldestSmall() : Result<void>();
}

void Adder::Refuse(Refused refused) {
  on_refused_(refused);
  refused_.push_back(std::move(refused));
}

Result<void> Adder::CommitOldestSmall() {
  std::vector<store::Pending> group;
  std::size_t bytes = 0;
  std::shared_ptr<Input> large;
  while (!waiting_.empty() && large == nullptr && group.size() < kGroupItems && bytes < kGroupBytes) {
    Sealing sealing = std::move(waiting_.front());
    waiting_.pop_front();
    auto sealed = sealing.result.get();
    waiting_bytes_ -= sealing.input->size_hint;
    if (!sealed) {
      Refuse({std::move(sealing.path), sealed.error()});
    } else if (!*sealed) {
      large = std::move(sealing.input);  // in its place: the group before it is committed first
    } else {
      store::SealedSmallItem& item = **sealed;
      for (const Bytes& block : item.blocks) bytes += block.size();
      group.push_back({custody::Item{}, std::move(item.item), std::move(item.blocks), {}});
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
  const std::filesystem::path path = PathOf(input);
  for (int attempt = 0; attempt < 2; ++attempt) {
    TRY(std::unique_ptr<store::SealedStage> stage, destination_->NewStage());
    // An error of the vault ends everything; an error of the input is a refusal.
    Result<void> store_result;
    const bool last_attempt = attempt > 0 || !input.can_retry;
    auto sealed = SealLarge(input, *stage, last_attempt, store_result);
    TRY_VOID(store_result);
    if (sealed) {
      TRY(store::SealedPlace place, stage->End(sealed->block_hashes));
      std::vector<store::Pending> group;
      group.push_back({custody::Item{}, std::move(*sealed), {}, std::move(place)});
      return CommitGroup(std::move(group), std::move(stage));
    }
    if (sealed.error().code == ErrorCode::kInterrupted) return {};
    if (sealed.error().code == ErrorCode::kBusy && !last_attempt) continue;
    Refuse({path, sealed.error()});
    return {};
  }
  return {};
}

Result<store::SealedItem> Adder::SealLarge(Input& input, store::SealedStage& stage, bool accept_change,
                                           Result<void>& store_result) {
  TRY(FileSource file, input.open());
  SampledSource source(file);
  Input attempt = input;
  WatchedStage sink(stage, store_result);
  const auto finish = [&](seal::Metadata& metadata) -> Result<void> {
    if (metadata.size_bytes == 0 && !input.may_be_empty) {
      return Fail(ErrorCode::kInvalid, "nothing came through it",
                  "did the program before it fail? --allow-empty takes an empty one in");
    }
    TRY(metadata.changed_while_read, file.Changed());
    // Read again, unless that would give less: a log was emptied or rotated.
    if (metadata.changed_while_read && !accept_change && !file.WouldReadLess()) {
      return Fail(ErrorCode::kBusy, "changed while it was read");
    }
    if (!input.kind_is_given) metadata.kind = GuessKind(metadata.name, source.sample());
    return {};
  };
  return store::SealStream(source, RequestFor(attempt), pool_, sink, finish);
}

Result<void> Adder::CommitGroup(std::vector<store::Pending> group, std::unique_ptr<store::SealedStage> stage) {
  std::vector<seal::Metadata> metadata;
  for (const store::Pending& pending : group) metadata.push_back(pending.sealed.metadata);
  TRY(store::Committed committed, destination_->Commit(std::move(group), std::move(stage)));
  outcome_.checkpoint = std::move(committed.checkpoint);
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    ++outcome_.added;
    on_added_({{committed.first.value + i}, std::move(metadata[i])});
  }
  return {};
}

// One line of JSON for each input that was not taken in, sealed like an item.
Result<void> Adder::CommitOmissions() {
  if (refused_.empty()) return {};
  std::string list;
  for (const Refused& refused : refused_) {
    const std::string& path = refused.path.native();
    Json line = {{"path", ReplaceInvalidUtf8(path)}};
    if (!IsUtf8(path)) line["path_raw"] = ToBase64(ViewOf(path), Base64::kPadded);
    line["reason"] = ReplaceInvalidUtf8(refused.reason.message);
    list += line.Dump() + "\n";
  }
  // A list that does not fit one frame says how much it left out, in its last line.
  if (list.size() > seal::kFrameBytes - 256) {
    list.resize(list.rfind('\n', seal::kFrameBytes - 256) + 1);
    list += Format("{{\"truncated\":true,\"count\":{}}}\n", refused_.size());
  }
  TRY(store::Pending sealed, SealText(destination_->recipient(), custody::Omission{refused_.size(), {}},
                                      {"omissions.jsonl", "inputs that were not taken in, and why"}, list));
  std::vector<store::Pending> group;
  group.push_back(std::move(sealed));
  TRY(store::Committed committed, destination_->Commit(std::move(group), nullptr));
  outcome_.checkpoint = std::move(committed.checkpoint);
  outcome_.omission = committed.first;
  return {};
}

Result<Adder::Outcome> Adder::Finish() {
  TRY_VOID(CommitAllSmall());
  // After an interruption too: inputs that were not reached are no omissions, inputs that were refused are.
  TRY_VOID(CommitOmissions());
  if (IsSet(options_.interrupted)) {
    return Fail(
        ErrorCode::kInterrupted,
        Format("interrupted: {} items were added and are in the vault; the rest was not begun, or left no trace",
               outcome_.added));
  }
  outcome_.refused = refused_.size();
  return outcome_;
}

}  // namespace exhibit::intake

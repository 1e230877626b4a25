#include "vault/verify/sealed_check.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/custody/field_forms.h"
#include "vault/seal/blocks.h"
#include "vault/seal/plaintext_reader.h"
#include "vault/seal/tail.h"
#include "vault/tlog/merkle.h"
#include "vault/verify/content_check.h"
#include "vault/verify/original_check.h"

namespace exhibit::verify {
namespace {

constexpr std::size_t kBlocksAhead = 6;
constexpr std::size_t kMostMissing = 64;  // blocks in a row

using Block = seal::BlockReader::Block;

class SealedChecker {
 public:
  SealedChecker(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool)
      : source_(source), options_(options), entry_(entry), pool_(pool) {}

  // Header and layout line. The size of the payload; nothing if it cannot be looked at.
  std::optional<std::uint64_t> Begin() {
    has_header_ = CheckHeaders();
    if (!ReadLayout()) return std::nullopt;
    return layout().payload_bytes();
  }
  // What Begin found.
  SealedOutcome FinishWithoutPayload() { return std::move(outcome_); }
  // Who gets the blocks in order, and what came of it.
  void GiveTo(const TakePayload& take) { take_ = &take; }
  const Result<void>& taken() const { return taken_; }
  // All that there is to say. REQUIRES: Begin was called.
  SealedOutcome Finish() {
    if (!blocks_) return std::move(outcome_);
    if (options_.depth == Depth::kContent && has_header_) Open();
    CheckBlocks();
    return std::move(outcome_);
  }

 private:
  void AddFinding(Property property, std::string message, ErrorCode because = ErrorCode::kTampered) {
    outcome_.findings.push_back({property, entry_.sequence, {}, {}, std::move(message), {}, because});
  }
  void AddFinding(Property property, const Error& error) { AddFinding(property, error.message, error.code); }
  void AddBlockFinding(Property property, std::uint64_t block, const Error& error) {
    outcome_.findings.push_back(
        {property, entry_.sequence, block, layout().block(block).range(), error.message, {}, error.code});
  }
  void AddBlockFinding(Property property, std::uint64_t block, std::string message) {
    AddBlockFinding(property, block, Error{ErrorCode::kTampered, std::move(message), {}});
  }
  const seal::PayloadLayout& layout() const { return blocks_->layout(); }

  // --- header and layout ---

  // False if one is wrong: then no key is taken from any of them.
  bool CheckHeaders() {
    const auto own = ReadOwnHeader(source_, entry_.sequence, entry_.file);
    const bool may_be_missing = entry_.own_header == SealedEntry::OwnHeader::kMayBeMissing;
    if (!own && !(may_be_missing && own.error().code == ErrorCode::kNotFound)) {
      AddFinding(Property::kHeader, own.error());
    }
    for (const Rewrapped& rewrapped : entry_.rewrapped) {
      const auto header = ReadRewrappedHeader(source_, entry_.sequence, rewrapped);
      if (!header) AddFinding(Property::kHeader, header.error());
    }
    return outcome_.findings.empty();
  }

  bool ReadLayout() {
    const auto read = ReadLayoutOf(source_, entry_.sequence, entry_.file);
    if (!read) {
      AddFinding(Property::kLayout, read.error());
      return false;
    }
    blocks_.emplace(*read, [this](ByteRange range) { return source_.ReadPayload(entry_.sequence, range); });
    return true;
  }

  // --- the key, and what the end of the plaintext says ---

  void Open() {
    const auto key = options_.open_key(entry_.sequence, entry_.file);
    // It is sealed to another key, or to another kind of key.
    if (!key && (key.error().code == ErrorCode::kDenied || key.error().code == ErrorCode::kUnsupported)) {
      outcome_.unopened = key.error().message;
      return;
    }
    if (!key) return AddFinding(Property::kSealed, key.error());
    const auto committed = seal::CheckCommitment(CommitmentOf(entry_.file), *key);
    if (!committed) return AddFinding(Property::kSealed, committed.error());
    is_open_ = blocks_->Unlock(*key, CommitmentOf(entry_.file)).has_value();
    if (is_open_) ReadTail();  // else block 0 cannot be read, which is reported with the blocks
  }

  // How large the original is stands at the end of the plaintext, so the tail is opened first, and without it nothing is
  // unpacked.
  void ReadTail() {
    const Block& block = ReadEarly(layout().tail_block());
    if (!block.stored || !block.opened) return;  // reported with the blocks
    const auto tail = seal::ReadTail(block.plaintext, layout());
    if (!tail) return AddFinding(Property::kContent, tail.error());
    if (!CheckFields(tail->field_lines)) return;
    const std::uint64_t holds = tail->seek_table.original_bytes();
    // Acts hold fields alone.
    const auto held = entry_.HasOriginal() ? BytesHeldBy(*outcome_.fields) : Result<std::uint64_t>(0);
    if (!held) return AddFinding(Property::kFields, held.error().message);
    const std::uint64_t wanted = *held;
    if (holds != wanted) {
      return AddFinding(Property::kContent,
                        Format("its frames say that they hold {} bytes, and it must hold {}", holds, wanted));
    }
    if (IsHere()) original_.emplace(*outcome_.fields);
    plaintext_.emplace(wanted, [this](ByteView original) {
      if (original_) original_->Update(original);
      return Result<void>();
    });
  }

  // The fields that the entry names, each of its form.
  bool CheckFields(std::string_view lines) {
    auto fields = custody::FieldList::ParseWhole(lines);
    if (!fields) {
      AddFinding(Property::kFields, fields.error());
      return false;
    }
    if (fields->digest() != entry_.file.fields) {
      AddFinding(Property::kFields, "its sealed file holds other fields than the entry names");
      return false;
    }
    outcome_.fields.emplace(std::move(*fields));
    const auto forms = custody::CheckFieldForms(entry_.type, *outcome_.fields);
    if (!forms) AddFinding(Property::kFields, forms.error().message);
    return forms.has_value();
  }

  bool IsHere() const {
    if (!entry_.HasOriginal()) return false;
    return custody::ItemFactsIn(*outcome_.fields).state->content == custody::ContentPlace::kHere;
  }

  // --- the blocks ---

  // Reads a block before its turn; at its turn it is not read again.
  const Block& ReadEarly(std::uint64_t block) { return early_.emplace(block, blocks_->Read(block)).first->second; }

  // Each block once. Called by several threads.
  Block BlockAt(std::uint64_t block) {
    const auto early = early_.find(block);
    return early == early_.end() ? blocks_->Read(block) : std::move(early->second);
  }

  // All blocks in order, a few ahead on other threads if there is a pool.
  void CheckBlocks() {
    ReadExpectedHashes();
    std::deque<std::future<Block>> ahead;
    std::uint64_t next = 0;
    for (std::uint64_t block = 0; block < layout().block_count(); ++block) {
      if (IsSet(options_.interrupted) || missing_in_a_row_ == kMostMissing || !taken_) break;
      while (pool_ != nullptr && next < layout().block_count() && ahead.size() < kBlocksAhead) {
        ahead.push_back(pool_->Submit([this, number = next++] { return BlockAt(number); }));
      }
      if (pool_ != nullptr) {
        TakeBlock(block, ahead.front().get());
        ahead.pop_front();
      } else {
        TakeBlock(block, BlockAt(block));
      }
    }
    for (const auto& future : ahead) future.wait();
    FinishPayload();
    FinishContent();
  }

  void ReadExpectedHashes() {
    const auto bytes = source_.ReadBlockHashes(entry_.sequence);
    if (!bytes) {
      if (bytes.error().code != ErrorCode::kNotFound) AddFinding(Property::kPayload, bytes.error());
      return;
    }
    tlog::CompactRange range;
    std::vector<tlog::LeafHash> hashes;
    for (ByteView rest = *bytes; rest.size() >= tlog::LeafHash::kSize; rest = rest.subspan(tlog::LeafHash::kSize)) {
      hashes.push_back(*tlog::LeafHash::From(rest.first(tlog::LeafHash::kSize)));
      range.Append(hashes.back());
    }
    const bool whole = bytes->size() == layout().block_count() * tlog::LeafHash::kSize;
    if (whole && range.Root() == layout().root()) {
      expected_ = std::move(hashes);
    } else {
      AddFinding(Property::kPayload, "the stored list of block hashes does not make the root of the layout");
    }
  }

  void TakeBlock(std::uint64_t block, const Block& read) {
    if (!read.stored) {
      AddBlockFinding(Property::kPayload, block, read.stored.error());
      complete_ = false;
      return TakeMissing(block);
    }
    missing_in_a_row_ = 0;
    if (take_ != nullptr && complete_ && taken_) taken_ = (*take_)(*read.stored);
    outcome_.payload_bytes += read.stored->size();
    if (options_.progress != nullptr) options_.progress->bytes += read.stored->size();
    range_.Append(read.hash);
    if (!expected_.empty() && expected_[static_cast<std::size_t>(block)] != read.hash) {
      AddBlockFinding(Property::kPayload, block, "its hash is not the one under the root of the layout");
      named_ = true;
    }
    if (is_open_ && block > 0) TakePlaintext(block, read);
  }

  void TakePlaintext(std::uint64_t block, const Block& read) {
    if (!read.opened) {
      AddBlockFinding(Property::kSealed, block, read.opened.error().message);
      content_broken_ = true;
    }
    if (content_broken_ || !plaintext_) return;
    const auto pushed = plaintext_->Push(read.plaintext);
    if (pushed) return;
    AddFinding(Property::kContent, pushed.error().message);
    content_broken_ = true;
  }

  // A layout can claim any size: if the end of a payload is missing, one finding says so for all missing blocks.
  void TakeMissing(std::uint64_t block) {
    if (++missing_in_a_row_ < kMostMissing || block + 1 == layout().block_count()) return;
    AddBlockFinding(Property::kPayload, block + 1,
                    Format("from here on to block {} nothing was looked for, because the ones before are missing",
                           layout().block_count() - 1));
  }

  void FinishPayload() {
    if (!complete_ || named_ || range_.Root() == layout().root()) return;
    AddFinding(Property::kPayload, Format("the blocks make the root {}, and the layout has {}",
                                          ToHex(range_.Root().view()), ToHex(layout().root().view())));
  }

  void FinishContent() {
    if (options_.depth != Depth::kContent || outcome_.unopened) return;
    if (!plaintext_ || content_broken_ || !complete_) {
      if (outcome_.findings.empty()) AddFinding(Property::kContent, "could not be checked");
      return;
    }
    const auto whole = plaintext_->Finish();
    if (!whole) return AddFinding(Property::kContent, whole.error().message);
    outcome_.content_checked = true;
    outcome_.content_bytes = plaintext_->original_bytes();
    if (!original_) return;
    for (std::string& problem : original_->Finish()) AddFinding(Property::kContent, std::move(problem));
  }

  const Source& source_;
  const Options& options_;
  const SealedEntry& entry_;
  Pool* pool_;
  SealedOutcome outcome_;
  const TakePayload* take_ = nullptr;
  Result<void> taken_;
  bool has_header_ = false;
  std::optional<seal::BlockReader> blocks_;
  bool is_open_ = false;
  std::optional<seal::PlaintextReader> plaintext_;  // if the fields say how much may be unpacked
  std::optional<OriginalCheck> original_;
  std::map<std::uint64_t, Block> early_;  // read before their turn
  std::vector<tlog::LeafHash> expected_;
  tlog::CompactRange range_;
  std::size_t missing_in_a_row_ = 0;
  bool complete_ = true;
  bool named_ = false;
  bool content_broken_ = false;
};

// When the small ones of a batch were checked: what the large ones have, and as if those that follow had as many bytes on
// the average.
void Estimate(Progress& progress, std::span<const std::uint64_t> sizes, std::size_t more) {
  std::uint64_t all = 0;
  std::uint64_t large = 0;
  for (const std::uint64_t size : sizes) {
    all += size;
    if (size >= kWorthAllThreads) large += size;
  }
  progress.bytes_total = progress.bytes + large + all / std::max<std::uint64_t>(1, sizes.size()) * more;
}

}  // namespace

SealedOutcome CheckSealed(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool) {
  SealedChecker checker(source, options, entry, pool);
  checker.Begin();
  return checker.Finish();
}

Result<SealedOutcome> CheckAndTakeSealed(const Source& source, const Options& options, const SealedEntry& entry,
                                         Pool* pool, const TakePayload& take) {
  SealedChecker checker(source, options, entry, pool);
  checker.GiveTo(take);
  checker.Begin();
  SealedOutcome outcome = checker.Finish();
  TRY_VOID(checker.taken());
  return outcome;
}

SealedOutcome CheckHeadersAndLayout(const Source& source, const SealedEntry& entry) {
  const Options options;
  SealedChecker checker(source, options, entry, nullptr);
  checker.Begin();
  return checker.FinishWithoutPayload();
}

Result<void> CheckSealedFiles(const Source& source, const Options& options, std::span<const SealedEntry> sealed,
                              Pool& pool, const TakeOutcome& take, std::size_t more) {
  const auto stop = [&] { return IsSet(options.interrupted); };
  while (!sealed.empty()) {
    const auto batch = sealed.first(std::min(sealed.size(), kSealedBatch));
    sealed = sealed.subspan(batch.size());
    std::vector<std::uint64_t> sizes(batch.size());
    std::vector<SealedOutcome> outcomes(batch.size());
    pool.ForEach(batch.size(), [&](std::size_t i) {
      if (stop()) return;
      SealedChecker checker(source, options, batch[i], nullptr);
      sizes[i] = checker.Begin().value_or(0);
      if (sizes[i] < kWorthAllThreads) outcomes[i] = checker.Finish();
    });
    if (options.progress != nullptr) Estimate(*options.progress, sizes, sealed.size() + more);
    for (std::size_t i = 0; i < batch.size() && !stop(); ++i) {
      if (sizes[i] >= kWorthAllThreads) outcomes[i] = CheckSealed(source, options, batch[i], &pool);
    }
    // The findings of an interrupted check are not true of the item that it left.
    TRY_VOID(StopIfAsked(options.interrupted));
    for (std::size_t i = 0; i < batch.size(); ++i) take(batch[i], std::move(outcomes[i]));
  }
  return {};
}

}  // namespace exhibit::verify

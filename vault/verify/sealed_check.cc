#include "vault/verify/sealed_check.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/crypto/stream_hasher.h"
#include "vault/seal/chunks.h"
#include "vault/seal/frames.h"
#include "vault/seal/layout.h"
#include "vault/tlog/merkle.h"

namespace exhibit::verify {
namespace {

constexpr std::size_t kBlocksAhead = 6;
constexpr std::size_t kMostMissing = 64;  // blocks in a row

// A block, and the results of the threads that checked it.
struct CheckedBlock {
  Result<Bytes> bytes;
  tlog::LeafHash hash;
  Result<void> opened;  // of its chunks, if there is a key
  Bytes plaintext;
};

class SealedChecker {
 public:
  SealedChecker(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool)
      : source_(source),
        options_(options),
        entry_(entry),
        pool_(pool),
        // The entry was parsed, so its sizes make a layout.
        layout_(*seal::PayloadLayout::Create(entry.file.payload_bytes, entry.file.tail_bytes)) {}

  SealedOutcome Run() {
    CheckHeader();
    for (const Rewrapped& rewrapped : entry_.rewrapped) {
      const auto header = ReadRewrappedHeader(source_, entry_.sequence, rewrapped);
      if (!header) AddFinding(Property::kHeader, header.error());
    }
    if (options_.depth == Depth::kContent) OpenKey();
    CheckBlocks();
    return std::move(outcome_);
  }

 private:
  void AddFinding(Property property, std::string message, ErrorCode because = ErrorCode::kTampered) {
    outcome_.findings.push_back({property, entry_.sequence, {}, {}, std::move(message), {}, because});
  }
  void AddFinding(Property property, const Error& error) { AddFinding(property, error.message, error.code); }
  void AddBlockFinding(Property property, std::uint64_t block, const Error& error) {
    const auto place = layout_.block(block);
    outcome_.findings.push_back(
        {property, entry_.sequence, block, ByteRange{place.offset, place.bytes}, error.message, {}, error.code});
  }
  void AddBlockFinding(Property property, std::uint64_t block, std::string message) {
    AddBlockFinding(property, block, Error{ErrorCode::kTampered, std::move(message), {}});
  }

  void CheckHeader() {
    auto header = source_.ReadHeader(entry_.sequence);
    if (!header) {
      AddFinding(Property::kHeader, header.error());
      return;
    }
    if (custody::DigestOfHeader(*header) != entry_.file.header) {
      AddFinding(Property::kHeader, "the age header is not the one that the entry names: its SHA-256 is " +
                                        ToHex(custody::DigestOfHeader(*header).view()));
      return;
    }
    auto parsed = seal::ParseHeader(*header);
    if (!parsed || parsed->size_bytes != header->size()) {
      AddFinding(Property::kHeader, parsed ? "something follows the age header" : parsed.error().message);
      return;
    }
    header_.emplace(std::move(parsed->header));
  }

  void OpenKey() {
    if (!header_) return;
    auto file_key = options_.open_key(entry_.sequence, *header_);
    // It is sealed to another key, or to another kind of key.
    if (!file_key &&
        (file_key.error().code == ErrorCode::kDenied || file_key.error().code == ErrorCode::kUnsupported)) {
      outcome_.unopened = file_key.error().message;
      return;
    }
    if (!file_key) {
      AddFinding(Property::kSealed, file_key.error());
      return;
    }
    const CheckedBlock& first = CheckEarly(0);
    const auto nonce = first.bytes ? seal::PayloadNonce::From(*first.bytes) : std::nullopt;
    if (!nonce) return;  // reported with the blocks
    payload_key_.emplace(seal::DerivePayloadKey(*file_key, *nonce));
    ReadMetadata();
  }

  // The size of the content and its digests are at the end of the plaintext, so the tail is decrypted first,
  // and without it nothing is unpacked.
  void ReadMetadata() {
    const CheckedBlock& tail = CheckEarly(layout_.tail_block());
    if (!tail.bytes || !tail.opened) return;  // reported with the blocks
    const auto json = seal::FindMetadata(tail.plaintext);
    if (!json) return AddFinding(Property::kContent, json.error().message);
    auto metadata = seal::DecodeMetadata(*json);
    if (!metadata) return AddFinding(Property::kMetadata, metadata.error().message);
    if (metadata->sha1) sha1_.emplace(crypto::HashAlgorithm::kSha1);
    if (metadata->md5) md5_.emplace(crypto::HashAlgorithm::kMd5);
    metadata_.emplace(std::move(*metadata));
    decoder_.emplace(metadata_->size_bytes, [this](ByteView original) {
      sha256_.Update(original);
      if (sha1_) sha1_->Update(original);
      if (md5_) md5_->Update(original);
      return Result<void>();
    });
  }

  CheckedBlock CheckBlock(std::uint64_t block) const {
    const auto place = layout_.block(block);
    CheckedBlock checked{source_.ReadPayload(entry_.sequence, place.range()), {}, {}, {}};
    if (!checked.bytes) return checked;
    checked.hash = tlog::HashLeaf(*checked.bytes);
    if (payload_key_ && block > 0) {
      checked.opened =
          seal::ChunkCipher(*payload_key_).Open(place.first_chunk, place.end, *checked.bytes, checked.plaintext);
    }
    return checked;
  }

  // Checks a block before its turn; at its turn it is not read again.
  const CheckedBlock& CheckEarly(std::uint64_t block) { return early_.emplace(block, CheckBlock(block)).first->second; }

  // Each block once. Called by several threads.
  CheckedBlock BlockAt(std::uint64_t block) {
    const auto early = early_.find(block);
    return early == early_.end() ? CheckBlock(block) : std::move(early->second);
  }

  // All blocks in order, a few ahead on other threads if there is a pool.
  void CheckBlocks() {
    ReadExpectedHashes();
    std::deque<std::future<CheckedBlock>> ahead;
    std::uint64_t next = 0;
    for (std::uint64_t block = 0; block < layout_.block_count(); ++block) {
      if (IsSet(options_.interrupted) || missing_in_a_row_ == kMostMissing) break;
      while (pool_ != nullptr && next < layout_.block_count() && ahead.size() < kBlocksAhead) {
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
    const bool whole = bytes->size() == layout_.block_count() * tlog::LeafHash::kSize;
    if (whole && range.Root() == entry_.file.payload_root) {
      expected_ = std::move(hashes);
    } else {
      AddFinding(Property::kPayload, "the stored list of block hashes does not make the root that the entry names");
    }
  }

  void TakeBlock(std::uint64_t block, CheckedBlock checked) {
    if (!checked.bytes) {
      AddBlockFinding(Property::kPayload, block, checked.bytes.error());
      complete_ = false;
      TakeMissing(block);
      return;
    }
    missing_in_a_row_ = 0;
    outcome_.payload_bytes += checked.bytes->size();
    if (options_.progress != nullptr) options_.progress->bytes += checked.bytes->size();
    range_.Append(checked.hash);
    if (!expected_.empty() && expected_[static_cast<std::size_t>(block)] != checked.hash) {
      AddBlockFinding(Property::kPayload, block, "its hash is not the one under the entry's root");
      named_ = true;
    }
    if (!payload_key_ || block == 0) return;
    if (!checked.opened) {
      AddBlockFinding(Property::kSealed, block, checked.opened.error().message);
      content_broken_ = true;
    }
    if (content_broken_ || !decoder_) return;
    const auto pushed = decoder_->Push(checked.plaintext);
    if (!pushed) {
      AddFinding(Property::kContent, pushed.error().message);
      content_broken_ = true;
    }
  }

  // An entry can claim any size: if the end of a payload is missing, one finding says so for all missing blocks.
  void TakeMissing(std::uint64_t block) {
    if (++missing_in_a_row_ < kMostMissing || block + 1 == layout_.block_count()) return;
    AddBlockFinding(Property::kPayload, block + 1,
                    Format("from here on to block {} nothing was looked for, because the ones before are missing",
                           layout_.block_count() - 1));
  }

  void FinishPayload() {
    if (!complete_ || named_ || range_.Root() == entry_.file.payload_root) return;
    AddFinding(Property::kPayload, Format("the blocks make the root {}, and the entry names {}",
                                          ToHex(range_.Root().view()), ToHex(entry_.file.payload_root.view())));
  }

  void FinishContent() {
    if (options_.depth != Depth::kContent || outcome_.unopened) return;
    if (!decoder_ || content_broken_ || !complete_) {
      if (outcome_.findings.empty()) AddFinding(Property::kContent, "could not be checked");
      return;
    }
    const auto json = decoder_->Finish();
    if (!json) {
      AddFinding(Property::kContent, json.error().message);
      return;
    }
    outcome_.content_checked = true;
    outcome_.metadata = *metadata_;
    outcome_.content_bytes = decoder_->original_bytes();
    const auto wanted =
        seal::PayloadLayout::For(decoder_->content_bytes(), json->size() + seal::kMetadataFrameOverhead);
    if (wanted.tail_bytes() != layout_.tail_bytes()) {
      AddFinding(Property::kContent, "its tail does not begin with the chunk that holds the beginning of its metadata");
    }
    if (metadata_->size_bytes != decoder_->original_bytes()) {
      AddFinding(Property::kContent,
                 Format("holds {} bytes, and its metadata says {}", decoder_->original_bytes(), metadata_->size_bytes));
    }
    CompareDigest("SHA-256", sha256_.Finish(), metadata_->sha256.view());
    if (metadata_->sha1) CompareDigest("SHA-1", sha1_->Finish(), metadata_->sha1->view());
    if (metadata_->md5) CompareDigest("MD5", md5_->Finish(), metadata_->md5->view());
  }

  void CompareDigest(std::string_view name, ByteView computed, ByteView stated) {
    if (Equal(computed, stated)) return;
    AddFinding(Property::kContent,
               Format("its {} is {}, and its metadata says {}", name, ToHex(computed), ToHex(stated)));
  }

  const Source& source_;
  const Options& options_;
  const SealedEntry& entry_;
  Pool* pool_;
  seal::PayloadLayout layout_;
  SealedOutcome outcome_;
  std::optional<seal::AgeHeader> header_;
  std::optional<seal::PayloadKey> payload_key_;
  std::optional<seal::ContentDecoder> decoder_;
  // Decompressing and hashing take as long as each other: side by side.
  crypto::StreamHasher sha256_{crypto::HashAlgorithm::kSha256};
  std::optional<crypto::StreamHasher> sha1_;
  std::optional<crypto::StreamHasher> md5_;
  std::map<std::uint64_t, CheckedBlock> early_;  // checked before their turn
  std::optional<seal::Metadata> metadata_;
  std::vector<tlog::LeafHash> expected_;
  tlog::CompactRange range_;
  std::size_t missing_in_a_row_ = 0;
  bool complete_ = true;
  bool named_ = false;
  bool content_broken_ = false;
};

}  // namespace

SealedOutcome CheckSealed(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool) {
  return SealedChecker(source, options, entry, pool).Run();
}

Result<void> CheckSealedFiles(const Source& source, const Options& options, std::span<const SealedEntry> sealed,
                              Pool& pool, const std::function<void(const SealedEntry&, SealedOutcome)>& take) {
  // How many are checked together; this bounds the memory for them, above all for their metadata.
  constexpr std::size_t kBatchFiles = 4096;
  const auto stop = [&] { return IsSet(options.interrupted); };
  while (!sealed.empty()) {
    const auto batch = sealed.first(std::min(sealed.size(), kBatchFiles));
    sealed = sealed.subspan(batch.size());
    std::vector<SealedOutcome> outcomes(batch.size());
    pool.ForEach(batch.size(), [&](std::size_t i) {
      if (batch[i].file.payload_bytes < kWorthAllThreads && !stop()) {
        outcomes[i] = CheckSealed(source, options, batch[i], nullptr);
      }
    });
    for (std::size_t i = 0; i < batch.size() && !stop(); ++i) {
      if (batch[i].file.payload_bytes >= kWorthAllThreads) outcomes[i] = CheckSealed(source, options, batch[i], &pool);
    }
    // The findings of an interrupted check are not true of the item that it left.
    TRY_VOID(StopIfAsked(options.interrupted));
    for (std::size_t i = 0; i < batch.size(); ++i) take(batch[i], std::move(outcomes[i]));
  }
  return {};
}

}  // namespace exhibit::verify

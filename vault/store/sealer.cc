#include "vault/store/sealer.h"

#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "vault/base/bounded_queue.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/spare_buffers.h"
#include "vault/crypto/random.h"
#include "vault/seal/chunks.h"
#include "vault/seal/layout.h"

namespace exhibit::store {
namespace {

// A frame is at most 1 MiB and its compressed form: with blocks under way, about 30 MiB in all.
constexpr std::size_t kFramesUnderWay = 8;
constexpr std::size_t kBlocksUnderWay = 4;
constexpr std::size_t kBlockPlaintext = seal::kChunksInBlock * seal::kChunkBytes;

// The keys of one sealed file.
struct SealingKeys {
  explicit SealingKeys(const seal::X25519Recipient& recipient)
      : nonce(seal::NewPayloadNonce()), payload_key(MakeHeader(recipient, nonce, header)) {}

  Bytes header;
  seal::PayloadNonce nonce;
  seal::PayloadKey payload_key;

 private:
  static seal::PayloadKey MakeHeader(const seal::X25519Recipient& recipient, const seal::PayloadNonce& nonce,
                                     Bytes& header) {
    const auto file_key = crypto::RandomSecret<seal::FileKeyTag, 16>();
    header = seal::SealHeader(file_key, std::span(&recipient, 1));
    return seal::DerivePayloadKey(file_key, nonce);
  }
};

// A run of chunks that becomes a block.
struct Run {
  std::uint64_t first_chunk = 0;
  seal::RunEnd end = seal::RunEnd::kMoreFollow;
  Bytes plaintext;
};

// Cuts the plaintext into runs as seal/layout.h draws them. Each byte is copied once.
class BlockCutter {
 public:
  void Append(ByteView frame) {
    content_bytes_ += frame.size();
    while (!frame.empty()) {
      const ByteView piece = frame.first(std::min(frame.size(), kBlockPlaintext - pending_.size()));
      if (pending_.empty()) pending_.reserve(kBlockPlaintext);
      exhibit::Append(pending_, piece);
      frame = frame.subspan(piece.size());
      if (pending_.size() == kBlockPlaintext) full_.push_back(TakePending());
    }
  }
  // The blocks that are full.
  std::vector<Run> Take() { return std::exchange(full_, {}); }
  // What is left: perhaps blocks of whole chunks, and the tail.
  std::vector<Run> Finish(ByteView metadata_frame) {
    std::vector<Run> runs = Take();
    const std::size_t whole = pending_.size() / seal::kChunkBytes * seal::kChunkBytes;
    const Bytes rest(pending_.begin() + static_cast<std::ptrdiff_t>(whole), pending_.end());
    pending_.resize(whole);
    if (whole > 0) runs.push_back(TakePending());
    Run tail{next_chunk_, seal::RunEnd::kFinal, rest};
    exhibit::Append(tail.plaintext, metadata_frame);
    runs.push_back(std::move(tail));
    return runs;
  }
  std::uint64_t content_bytes() const { return content_bytes_; }

 private:
  Run TakePending() {
    Run run{next_chunk_, seal::RunEnd::kMoreFollow, std::exchange(pending_, {})};
    next_chunk_ += run.plaintext.size() / seal::kChunkBytes;
    return run;
  }

  Bytes pending_;
  std::vector<Run> full_;
  std::uint64_t content_bytes_ = 0;
  std::uint64_t next_chunk_ = 0;
};

struct SealedBlock {
  Bytes bytes;
  tlog::LeafHash hash;
};

// Compresses into `buffer`, whatever it held.
SealedBlock SealRun(const seal::PayloadKey& key, const Run& run, Bytes buffer) {
  SealedBlock sealed{std::move(buffer), {}};
  seal::ChunkCipher(key).Seal(run.first_chunk, run.end, run.plaintext, sealed.bytes);
  sealed.hash = tlog::HashLeaf(sealed.bytes);
  return sealed;
}

// zstd's working memory is worth keeping: one for each thread, remade if the level changes. So is the room that
// a frame may need, of which it mostly takes a part.
Bytes CompressFrame(ByteView original, seal::CompressionLevel level) {
  struct Kept {
    int level = 0;
    std::optional<seal::FrameCompressor> compressor;
    Bytes room;
  };
  thread_local Kept kept;
  if (!kept.compressor || kept.level != level.value) {
    kept.compressor.emplace(level);
    kept.level = level.value;
    kept.room.resize(seal::kMaxFrameBytes);
  }
  return ToBytes(kept.compressor->Compress(original, kept.room));
}

class ContentDigests {
 public:
  explicit ContentDigests(const DigestChoice& choice) : sha256_(crypto::HashAlgorithm::kSha256) {
    if (choice.sha1) sha1_.emplace(crypto::HashAlgorithm::kSha1);
    if (choice.md5) md5_.emplace(crypto::HashAlgorithm::kMd5);
  }
  void Update(ByteView bytes) {
    sha256_.Update(bytes);
    if (sha1_) sha1_->Update(bytes);
    if (md5_) md5_->Update(bytes);
    size_bytes_ += bytes.size();
  }
  void FinishInto(seal::Metadata& metadata) {
    metadata.size_bytes = size_bytes_;
    metadata.sha256 = *crypto::Sha256Digest::From(sha256_.Finish());
    if (sha1_) metadata.sha1 = crypto::Sha1Digest::From(sha1_->Finish());
    if (md5_) metadata.md5 = crypto::Md5Digest::From(md5_->Finish());
  }

 private:
  crypto::Hasher sha256_;
  std::optional<crypto::Hasher> sha1_;
  std::optional<crypto::Hasher> md5_;
  std::uint64_t size_bytes_ = 0;
};

// A claimed digest can be checked only if the same digest is made.
void IncludeClaimed(SealRequest& request) {
  for (const seal::ClaimedDigest& claim : request.metadata.claimed) {
    request.digests.sha1 = request.digests.sha1 || claim.algorithm == seal::DigestAlgorithm::kSha1;
    request.digests.md5 = request.digests.md5 || claim.algorithm == seal::DigestAlgorithm::kMd5;
  }
}

ByteView DigestOf(const seal::Metadata& metadata, seal::DigestAlgorithm algorithm) {
  switch (algorithm) {
    case seal::DigestAlgorithm::kSha256: return metadata.sha256.view();
    case seal::DigestAlgorithm::kSha1: return metadata.sha1->view();
    case seal::DigestAlgorithm::kMd5: return metadata.md5->view();
  }
  return {};
}

Result<void> CompareClaims(seal::Metadata& metadata, OnMismatch on_mismatch) {
  for (seal::ClaimedDigest& claim : metadata.claimed) {
    const ByteView computed = DigestOf(metadata, claim.algorithm);
    claim.matched = Equal(claim.value, computed);
    if (claim.matched || on_mismatch == OnMismatch::kRecord) continue;
    return Fail(ErrorCode::kInvalid,
                Format("its {} is {}, and the list of hashes says {}", seal::ToText(claim.algorithm), ToHex(computed),
                       ToHex(claim.value)),
                "to add it all the same and record both values: --keep-mismatched");
  }
  return {};
}

Result<Bytes> MetadataFrame(const seal::Metadata& metadata) {
  TRY(const std::string json, seal::EncodeMetadata(metadata));
  return seal::EncodeMetadataFrame(json);
}

SealedItem Describe(Bytes header, std::uint64_t content_bytes, std::size_t metadata_bytes,
                    std::vector<tlog::LeafHash> hashes, seal::Metadata metadata) {
  const seal::PayloadLayout layout = seal::PayloadLayout::For(content_bytes, metadata_bytes);
  EXHIBIT_ASSERT(hashes.size() == layout.block_count());
  tlog::CompactRange range;
  for (const tlog::LeafHash& hash : hashes) range.Append(hash);
  const custody::SealedFile sealed{custody::DigestOfHeader(header), layout.payload_bytes(), layout.tail_bytes(),
                                   range.Root()};
  return {std::move(header), sealed, std::move(hashes), std::move(metadata)};
}

// The thread that takes frames in order and makes blocks in order.
class BlockStage {
 public:
  BlockStage(const SealingKeys& keys, Pool& pool, SealedSink& sink)
      : keys_(keys), pool_(pool), sink_(sink), frames_(kFramesUnderWay), thread_([this] { Run(); }) {}
  ~BlockStage() {
    frames_.Close();
    if (thread_.joinable()) thread_.join();
    // After a failure blocks may still be under way, and they use the keys.
    for (const std::future<SealedBlock>& block : blocks_) block.wait();
  }
  BlockStage(const BlockStage&) = delete;
  BlockStage& operator=(const BlockStage&) = delete;

  // False if the stage has failed; Finish says why.
  bool Push(std::future<Bytes> frame) { return frames_.Push(std::move(frame)); }

  // No more frames come. The error of the sink, if it had one.
  Result<void> WaitForFrames() {
    frames_.Close();
    thread_.join();
    return std::move(result_);
  }

  // After WaitForFrames: the last blocks.
  Result<void> Finish(ByteView metadata_frame) {
    for (exhibit::store::Run& run : cutter_.Finish(metadata_frame)) TRY_VOID(Submit(std::move(run)));
    return Drain(0);
  }

  std::uint64_t content_bytes() const { return cutter_.content_bytes(); }
  std::vector<tlog::LeafHash> TakeHashes() { return std::move(hashes_); }

 private:
  void Run() {
    result_ = Work();
    if (!result_) frames_.Close();
    // Frames that are still in the queue are compressed for nothing; their futures just go.
    while (frames_.Pop()) {
    }
  }

  Result<void> Work() {
    hashes_.push_back(tlog::HashLeaf(keys_.nonce.view()));
    TRY_VOID(sink_.Begin(keys_.header));
    TRY_VOID(sink_.Put(keys_.nonce.view()));
    while (auto frame = frames_.Pop()) {
      cutter_.Append(frame->get());
      for (exhibit::store::Run& run : cutter_.Take()) TRY_VOID(Submit(std::move(run)));
    }
    return {};
  }

  Result<void> Submit(exhibit::store::Run run) {
    blocks_.push_back(pool_.Submit([this, run = std::move(run)] {
      return SealRun(keys_.payload_key, run,
                     spare_.Take(static_cast<std::size_t>(seal::SealedSize(run.plaintext.size()))));
    }));
    return Drain(kBlocksUnderWay);
  }

  // Hands blocks on until at most `left` are under way.
  Result<void> Drain(std::size_t left) {
    while (blocks_.size() > left) {
      SealedBlock block = blocks_.front().get();
      blocks_.pop_front();
      hashes_.push_back(block.hash);
      TRY_VOID(sink_.Put(block.bytes));
      spare_.Give(std::move(block.bytes));
    }
    return {};
  }

  const SealingKeys& keys_;
  Pool& pool_;
  SealedSink& sink_;
  BoundedQueue<std::future<Bytes>> frames_;
  BlockCutter cutter_;
  SpareBuffers spare_;
  std::deque<std::future<SealedBlock>> blocks_;
  std::vector<tlog::LeafHash> hashes_;
  Result<void> result_;
  std::thread thread_;  // last: it uses all of the above
};

// Reads the source to its end, a frame at a time.
Result<void> ReadFrames(ByteSource& source, const SealRequest& request, Pool& pool, ContentDigests& digests,
                        BlockStage& stage) {
  // Whoever has a frame in hand has the buffers too, so that the last of them can give it back.
  const auto spare = std::make_shared<SpareBuffers>();
  const auto take = [&spare] {
    return std::shared_ptr<Bytes>(new Bytes(spare->Take(seal::kFrameBytes)), [spare](Bytes* buffer) {
      spare->Give(std::move(*buffer));
      delete buffer;
    });
  };
  for (bool first = true;; first = false) {
    TRY_VOID(StopIfAsked(request.interrupted));
    const std::shared_ptr<Bytes> buffer = take();
    TRY(const std::size_t got, source.Read(*buffer));
    buffer->resize(got);
    if (got == 0 && !first) return {};
    const bool accepted =
        stage.Push(pool.Submit([buffer, level = request.level] { return CompressFrame(*buffer, level); }));
    if (!accepted) return {};  // the stage has failed and says why
    digests.Update(*buffer);
    if (request.progress != nullptr) *request.progress += got;
    if (got < seal::kFrameBytes) return {};
  }
}

}  // namespace

Result<SealedItem> SealStream(ByteSource& source, SealRequest request, Pool& pool, SealedSink& sink,
                              const std::function<Result<void>(seal::Metadata&)>& finish_metadata) {
  IncludeClaimed(request);
  SealingKeys keys(request.recipient);
  ContentDigests digests(request.digests);
  BlockStage stage(keys, pool, sink);
  const Result<void> read = ReadFrames(source, request, pool, digests, stage);
  const Result<void> staged = stage.WaitForFrames();
  if (!read) return Fail(read.error());
  if (!staged) return Fail(staged.error());
  digests.FinishInto(request.metadata);
  TRY_VOID(CompareClaims(request.metadata, request.on_mismatch));
  TRY_VOID(finish_metadata(request.metadata));
  TRY(const Bytes metadata_frame, MetadataFrame(request.metadata));
  TRY_VOID(stage.Finish(metadata_frame));
  return Describe(std::move(keys.header), stage.content_bytes(), metadata_frame.size(), stage.TakeHashes(),
                  std::move(request.metadata));
}

Result<SealedSmallItem> SealSmall(ByteView content, SealRequest request) {
  EXHIBIT_ASSERT(content.size() <= seal::kFrameBytes);
  IncludeClaimed(request);
  ContentDigests digests(request.digests);
  digests.Update(content);
  digests.FinishInto(request.metadata);
  TRY_VOID(CompareClaims(request.metadata, request.on_mismatch));
  TRY(const Bytes metadata_frame, MetadataFrame(request.metadata));
  SealingKeys keys(request.recipient);
  BlockCutter cutter;
  cutter.Append(CompressFrame(content, request.level));
  std::vector<Bytes> blocks = {ToBytes(keys.nonce.view())};
  std::vector<tlog::LeafHash> hashes = {tlog::HashLeaf(keys.nonce.view())};
  for (const Run& run : cutter.Finish(metadata_frame)) {
    SealedBlock sealed = SealRun(keys.payload_key, run, {});
    hashes.push_back(sealed.hash);
    blocks.push_back(std::move(sealed.bytes));
  }
  if (request.progress != nullptr) *request.progress += content.size();
  SealedItem item = Describe(std::move(keys.header), cutter.content_bytes(), metadata_frame.size(), std::move(hashes),
                             std::move(request.metadata));
  return SealedSmallItem{std::move(item), std::move(blocks)};
}

}  // namespace exhibit::store

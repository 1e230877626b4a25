#include "vault/store/sealed_stage.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "vault/crypto/random.h"
#include "vault/store/first_error.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kStretchBytes = 1 << 20;

std::uint64_t RandomSeed() {
  std::array<std::uint8_t, 8> bytes{};
  crypto::FillRandom(bytes);
  return GetU64(bytes);
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

Error NotWhatWasWritten() {
  return {ErrorCode::kTampered, "a sealed file: read back differs from what was written",
          "the disk or the memory of this machine is failing; no checkpoint was signed over it"};
}

}  // namespace

// The digests of what was put since the last Sync.
class SealedStage::Noted {
 public:
  struct File {
    SealedPlace place;
    std::vector<XXH128_hash_t> stretches;  // each of kStretchBytes, the last of what is left
  };

  void Begin() {
    stretches_.clear();
    Restart();
  }
  void Add(ByteView bytes) {
    while (!bytes.empty()) {
      const ByteView piece = bytes.first(std::min(bytes.size(), kStretchBytes - in_stretch_));
      EXHIBIT_ASSERT(XXH3_128bits_update(state_.get(), piece.data(), piece.size()) == XXH_OK);
      in_stretch_ += piece.size();
      if (in_stretch_ == kStretchBytes) EndStretch();
      bytes = bytes.subspan(piece.size());
    }
  }
  void End(const SealedPlace& place) {
    if (in_stretch_ > 0) EndStretch();
    files_.push_back({place, std::exchange(stretches_, {})});
  }

  std::vector<File> TakeFiles() { return std::exchange(files_, {}); }
  bool Fits(ByteView stretch, const XXH128_hash_t& noted) const {
    return XXH128_isEqual(XXH3_128bits_withSeed(stretch.data(), stretch.size(), seed_), noted) == 1;
  }

 private:
  void Restart() {
    in_stretch_ = 0;
    EXHIBIT_ASSERT(XXH3_128bits_reset_withSeed(state_.get(), seed_) == XXH_OK);
  }
  void EndStretch() {
    stretches_.push_back(XXH3_128bits_digest(state_.get()));
    Restart();
  }

  const std::uint64_t seed_ = RandomSeed();
  std::unique_ptr<XXH3_state_t, FreeState> state_{XXH3_createState()};
  std::size_t in_stretch_ = 0;
  std::vector<XXH128_hash_t> stretches_;  // of the present file
  std::vector<File> files_;
};

SealedStage::SealedStage(Comparing comparing)
    : noted_(comparing == Comparing::kInSync ? std::make_unique<Noted>() : nullptr) {}
SealedStage::~SealedStage() = default;

Result<void> SealedStage::Begin(ByteView header) {
  if (noted_ != nullptr) {
    noted_->Begin();
    noted_->Add(header);
  }
  return BeginFile(header);
}

Result<void> SealedStage::Put(ByteView bytes) {
  if (noted_ != nullptr) noted_->Add(bytes);
  return PutBytes(bytes);
}

Result<SealedPlace> SealedStage::End(std::span<const tlog::LeafHash> hashes, std::string_view layout) {
  if (noted_ == nullptr) return EndFile(hashes, layout);
  for (const tlog::LeafHash& hash : hashes) noted_->Add(hash.view());
  TRY(SealedPlace place, EndFile(hashes, layout));
  noted_->End(place);
  return place;
}

Result<void> SealedStage::Sync(Pool* pool) {
  TRY_VOID(SyncFiles());
  if (noted_ == nullptr) return {};
  struct Stretch {
    const SealedPlace* place;
    ByteRange range;
    XXH128_hash_t digest;
  };
  const std::vector<Noted::File> files = noted_->TakeFiles();
  std::vector<Stretch> all;
  for (const Noted::File& file : files) {
    std::uint64_t offset = 0;
    for (const XXH128_hash_t& digest : file.stretches) {
      const std::uint64_t bytes = std::min<std::uint64_t>(kStretchBytes, file.place.bytes() - offset);
      all.push_back({&file.place, {offset, bytes}, digest});
      offset += bytes;
    }
  }
  FirstError error;
  const auto compare = [&](std::size_t i) {
    if (error.failed()) return;
    thread_local Bytes buffer(kStretchBytes);
    const auto into = MutableByteView(buffer).first(static_cast<std::size_t>(all[i].range.bytes));
    const auto read = ReadBack(*all[i].place, all[i].range.offset, into);
    if (!read) return error.Add(read);
    if (!noted_->Fits(into, all[i].digest)) error.Add(Fail(NotWhatWasWritten()));
  };
  if (pool != nullptr) {
    pool->ForEach(all.size(), compare);
  } else {
    for (std::size_t i = 0; i < all.size(); ++i) compare(i);
  }
  return error.Take();
}

}  // namespace exhibit::store

// Goal: whatever a stage was given and a disk gives back as something else is found, wherever it lies.
// Method: a stage over memory in which one bit of what was written is changed before it is read back.
#include "vault/store/sealed_stage.h"

#include <algorithm>
#include <utility>

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using store::SealedPlace;

class MemoryOfAStage final : public store::SealedStage {
 public:
  Bytes disk;
  bool fails_to_sync = false;

 private:
  Result<void> BeginFile(ByteView header) override {
    place_ = {header.size(), 0, 0, {{1, disk.size(), 0}}, {}};
    return Write(header);
  }
  Result<void> PutBytes(ByteView bytes) override {
    place_.payload_bytes += bytes.size();
    return Write(bytes);
  }
  Result<SealedPlace> EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) override {
    for (const tlog::LeafHash& hash : hashes) REQUIRE_OK(Write(hash.view()));
    place_.hashes_bytes = hashes.size() * tlog::LeafHash::kSize;
    place_.layout = layout;
    return std::exchange(place_, {});
  }
  Result<void> SyncFiles() override {
    if (fails_to_sync) return Fail(ErrorCode::kIo, "the disk does not sync");
    return {};
  }
  Result<void> ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const override {
    const std::uint64_t begin = place.extents.front().offset + offset;
    std::ranges::copy(ByteView(disk).subspan(begin, into.size()), into.begin());
    return {};
  }
  Result<void> Write(ByteView bytes) {
    Append(disk, bytes);
    return {};
  }
  SealedPlace place_;
};

// In pieces, as blocks come.
void StageFile(store::SealedStage& stage, std::size_t payload, std::size_t hashes) {
  REQUIRE_OK(stage.Begin(Bytes(168, 'h')));
  constexpr std::size_t kPiece = 700'001;
  for (std::size_t at = 0; at < payload; at += kPiece) {
    REQUIRE_OK(stage.Put(Bytes(std::min(kPiece, payload - at), static_cast<std::uint8_t>(at))));
  }
  REQUIRE_OK(stage.End(std::vector<tlog::LeafHash>(hashes), "a layout line\n"));
}

}  // namespace

TEST_CASE("a bit that changed between writing and reading back is found, wherever it is", "[store]") {
  MemoryOfAStage stage;
  StageFile(stage, 300, 2);
  StageFile(stage, 3'000'000, 4);
  StageFile(stage, 0, 0);
  const std::size_t second = 168 + 300 + 64;
  const std::size_t third = second + 168 + 3'000'000 + 128;
  REQUIRE(stage.disk.size() == third + 168);
  constexpr std::size_t kMiB = 1 << 20;
  const std::size_t at =
      GENERATE_COPY(std::size_t{0}, std::size_t{167}, std::size_t{168}, second - 1, second, second + kMiB - 1,
                    second + kMiB, second + 2 * kMiB, third - 1, third, third + 167);
  CAPTURE(at);
  Pool pool(2);
  const bool is_side_by_side = GENERATE(false, true);
  stage.disk[at] ^= 0x40;
  CHECK_FAILS(stage.Sync(is_side_by_side ? &pool : nullptr), ErrorCode::kTampered,
              "read back differs from what was written");
}

TEST_CASE("what comes back as it was written is compared once", "[store]") {
  MemoryOfAStage stage;
  StageFile(stage, 2'500'000, 3);
  Pool pool(2);
  REQUIRE_OK(stage.Sync(&pool));
  // Each file is compared with the sync after it, and files that follow with the next one.
  stage.disk[0] ^= 1;
  REQUIRE_OK(stage.Sync(&pool));
  StageFile(stage, 10, 1);
  stage.disk.back() ^= 1;
  CHECK_FAILS(stage.Sync(&pool), ErrorCode::kTampered, "read back differs");
}

TEST_CASE("nothing is read back that could not be synced", "[store]") {
  MemoryOfAStage stage;
  StageFile(stage, 10, 1);
  stage.fails_to_sync = true;
  CHECK_FAILS(stage.Sync(), ErrorCode::kIo, "the disk does not sync");
}

}  // namespace exhibit::testing

// Goal: what is put into packs comes out as it was, whatever its size and wherever a pack ends, and what no entry
// names is taken back. Method: packs in a folder of their own; a pack's end is reached by a sparse file.
#include "vault/store/packs.h"

#include <fstream>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using store::PackEnd;
using store::Packs;
using store::SealedPlace;

struct PacksFixture {
  PacksFixture() { Unwrap(Packs::Create(folder.path())); }
  fs::path pack(const std::string& name) const { return folder.path() / "packs" / name; }
  // A pack that is full but for so many bytes.
  PackEnd NearlyFull(std::uint64_t left) const {
    const std::uint64_t size = store::PackLimit(1) - left;
    std::ofstream(pack("000001"), std::ios::binary).put(0);
    fs::resize_file(pack("000001"), size);
    return {1, size};
  }
  static SealedPlace Stage(store::SealedStage& stage, std::size_t header, std::size_t payload) {
    Unwrap(stage.Begin(Bytes(header, 'h')));
    for (std::size_t done = 0; done < payload;) {
      const std::size_t piece = std::min<std::size_t>(payload - done, 300'000);
      Unwrap(stage.Put(Bytes(piece, static_cast<std::uint8_t>(done / 300'000))));
      done += piece;
    }
    const std::vector<tlog::LeafHash> hashes(3, tlog::HashLeaf(ViewOf("block")));
    return Unwrap(stage.End(hashes, "the layout line\n"));
  }
  static PackEnd EndOf(const SealedPlace& place) {
    return {place.extents.back().pack, place.extents.back().offset + place.extents.back().bytes};
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("packs grow with the vault, and stay some hundreds", "[packs]") {
  CHECK(store::PackLimit(1) == std::uint64_t{1} << 30);
  CHECK(store::PackLimit(64) == std::uint64_t{1} << 30);
  CHECK(store::PackLimit(65) == std::uint64_t{1} << 31);
  std::uint64_t bytes = 0;
  std::uint64_t packs = 0;
  while (bytes < std::uint64_t{1} << 50) bytes += store::PackLimit(++packs);
  CHECK(packs < 1000);
}

TEST_CASE_METHOD(PacksFixture, "sealed files lie one after another", "[packs]") {
  Packs packs(folder.path(), {});
  const auto stage = Unwrap(packs.NewStage());
  const SealedPlace small = Stage(*stage, 168, 500);
  const SealedPlace large = Stage(*stage, 168, 2'000'000);
  REQUIRE_OK(stage->Sync());
  CHECK(small.extents == std::vector<store::Extent>{{1, 0, 168 + 500 + 96}});
  CHECK(large.extents == std::vector<store::Extent>{{1, 764, 168 + 2'000'000 + 96}});
  CHECK(Unwrap(packs.Read(small.extents, {0, 168})) == Bytes(168, 'h'));
  CHECK(Unwrap(packs.Read(large.extents, {168 + 299'999, 2})) == Bytes{0, 1});
  CHECK_FAILS(packs.Read(small.extents, {700, 100}), ErrorCode::kTampered, "ends before");
}

TEST_CASE_METHOD(PacksFixture, "a sealed file goes on in the next pack where one is full", "[packs]") {
  Packs packs(folder.path(), NearlyFull(100));
  SealedPlace place;
  {
    const auto stage = Unwrap(packs.NewStage());
    place = Stage(*stage, 168, 1'000'000);
    REQUIRE_OK(stage->Sync());
    REQUIRE(place.extents.size() == 2);
    CHECK(place.extents[0].bytes == 100);
    CHECK(place.extents[1] == store::Extent{2, 0, 168 + 1'000'000 + 96 - 100});
    CHECK(Unwrap(packs.Read(place.extents, {0, 168})) == Bytes(168, 'h'));
    packs.Commit(EndOf(place));
  }
  CHECK(fs::file_size(pack("000001")) == store::PackLimit(1));
  CHECK(Unwrap(packs.Read(place.extents, {168, 5})) == Bytes(5, 0));

  SECTION("what is taken back behind it leaves it") {
    { Stage(*Unwrap(packs.NewStage()), 168, 700'000); }
    CHECK(fs::file_size(pack("000002")) == place.extents[1].bytes);
  }
  SECTION("overwritten, it is zeros in both") {
    REQUIRE_OK(packs.Overwrite(place.extents));
    CHECK(Unwrap(packs.Read(place.extents, {0, 168})) == Bytes(168, 0));
    CHECK(Unwrap(packs.Read(place.extents, {900'000, 1000})) == Bytes(1000, 0));
  }
}

TEST_CASE_METHOD(PacksFixture, "a stage that nothing names is taken back, its packs too", "[packs]") {
  Packs packs(folder.path(), NearlyFull(100));
  { Stage(*Unwrap(packs.NewStage()), 168, 1'000'000); }
  CHECK(fs::file_size(pack("000001")) == store::PackLimit(1) - 100);
  CHECK_FALSE(fs::exists(pack("000002")));
}

TEST_CASE_METHOD(PacksFixture, "packs that cannot be trusted are not staged into", "[packs]") {
  SECTION("after a write of which nobody knows how it went") {
    Packs packs(folder.path(), {});
    packs.Freeze();
    CHECK_FAILS(packs.NewStage(), ErrorCode::kIo, "an earlier write failed");
  }
  SECTION("where a pack is shorter than what entries name") {
    std::ofstream(pack("000001"), std::ios::binary) << "short";
    Packs packs(folder.path(), {1, 100});
    CHECK_FAILS(Unwrap(packs.NewStage())->Begin(Bytes(168, 'h')), ErrorCode::kTampered,
                "has 5 bytes, and the entries name 100");
    CHECK_FAILS(packs.Read(std::vector<store::Extent>{{1, 0, 100}}, {0, 100}), ErrorCode::kTampered, "cut off");
    CHECK_FAILS(packs.Read(std::vector<store::Extent>{{2, 0, 100}}, {0, 100}), ErrorCode::kTampered,
                "pack 000002 is missing");
  }
}

TEST_CASE_METHOD(PacksFixture, "only packs are listed as packs", "[packs]") {
  for (const char* const name : {"000001", "1000000", "1", "0000001", "000000", "x"}) std::ofstream(pack(name)) << "12";
  fs::create_directory(pack("000003"));
  auto listing = Unwrap(Packs(folder.path(), {}).List());
  CHECK(listing.sizes == std::map<std::uint64_t, std::uint64_t>{{1, 2}, {1'000'000, 2}});
  std::ranges::sort(listing.others);
  CHECK(listing.others == std::vector<std::string>{"000000", "0000001", "000003", "1", "x"});
}

TEST_CASE_METHOD(PacksFixture, "more packs are read than files may be open", "[packs]") {
  std::vector<store::Extent> extents;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    std::string name = std::to_string(i);
    std::ofstream(pack(name.insert(0, 6 - name.size(), '0'))) << "12";
    extents.push_back({i, 0, 2});
  }
  const Packs packs(folder.path(), {100, 2});
  const auto open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = open_files();
  CHECK(Unwrap(packs.Read(extents, {0, 200})).size() == 200);
  CHECK(open_files() - before <= 16);
}

}  // namespace exhibit::testing

// Goal: tile and bundle paths and bytes are those of tlog-tiles, and every other spelling is
// refused. Method: the positive and negative paths of own-vectors-neg.json, and truncation at every
// byte.
#include "vault/tlog/tile.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/support/vectors.h"

namespace exhibit::tlog {
namespace {

using testing::Hex;
using testing::Unwrap;

nlohmann::json PathVectors() {
  return nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-vectors-neg.json")));
}

TEST_CASE("the path vectors are written and read both ways", "[tile]") {
  const auto rows = PathVectors().at("tile_paths");
  REQUIRE(rows.size() == 15);
  int bundles = 0;
  for (const auto& row : rows) {
    const auto path = row.at("path").get<std::string>();
    CAPTURE(path);
    const auto index = row.at("n").get<std::uint64_t>();
    const auto w = row.at("w").get<std::uint32_t>();  // the vectors write a full tile as 0
    const std::uint32_t width = w == 0 ? kTileWidth : w;
    if (row.at("level").is_string()) {
      const EntryBundleId id{index, width};
      CHECK(EntryBundlePath(id) == path);
      CHECK(Unwrap(ParseEntryBundlePath(path)) == id);
      ++bundles;
    } else {
      const TileId id{row.at("level").get<std::uint32_t>(), index, width};
      CHECK(TilePath(id) == path);
      CHECK(Unwrap(ParseTilePath(path)) == id);
    }
  }
  CHECK(bundles == 4);
}

TEST_CASE("the invalid paths are refused, as tiles and as bundles", "[tile]") {
  const auto rows = PathVectors().at("tile_paths_invalid");
  REQUIRE(rows.size() == 20);
  for (const auto& row : rows) {
    const auto path = row.get<std::string>();
    CAPTURE(path);
    CHECK_FAILS(ParseTilePath(path), ErrorCode::kInvalid, "tile path \"");
    CHECK_FAILS(ParseEntryBundlePath(path), ErrorCode::kInvalid, "entry bundle path \"");
  }
}

TEST_CASE("a refused path is told why", "[tile]") {
  CHECK_FAILS(ParseTilePath("tiles/0/000"), ErrorCode::kInvalid, "does not begin with \"tile/\"");
  CHECK_FAILS(ParseTilePath("tile/0"), ErrorCode::kInvalid, "has no index");
  CHECK_FAILS(ParseTilePath("tile/64/000"), ErrorCode::kInvalid, "the level is not 0 to 63");
  CHECK_FAILS(ParseTilePath("tile/entries/000"), ErrorCode::kInvalid, "the level is not 0 to 63");
  CHECK_FAILS(ParseTilePath("tile/0/x000/001"), ErrorCode::kInvalid, "leading groups of zeros");
  CHECK_FAILS(ParseTilePath("tile/0/00"), ErrorCode::kInvalid, "fewer than three digits");
  CHECK_FAILS(ParseTilePath("tile/0/0a0"), ErrorCode::kInvalid, "not three digits");
  CHECK_FAILS(ParseTilePath("tile/0/x001000"), ErrorCode::kInvalid, "a group has no end");
  CHECK_FAILS(ParseTilePath("tile/0/000/"), ErrorCode::kInvalid, "something follows the index");
  CHECK_FAILS(ParseTilePath("tile/0/000.p/256"), ErrorCode::kInvalid, "the width is not 1 to 255");
  CHECK_FAILS(ParseTilePath("tile/0/000.p/1\n"), ErrorCode::kInvalid, "not a decimal number");
  CHECK_FAILS(ParseEntryBundlePath("tile/0/000"), ErrorCode::kInvalid, "\"tile/entries/\"");
  CHECK_FAILS(ParseEntryBundlePath("tile/entries/x000/001"), ErrorCode::kInvalid, "leading groups");
  CHECK_FAILS(ParseTilePath(std::string("tile/0/\x1b[2J")), ErrorCode::kInvalid, "\\x1b");
}

TEST_CASE("an index has the range of 64 bits and not one more", "[tile]") {
  const TileId last{0, ~std::uint64_t{0}, kTileWidth};
  CHECK(TilePath(last) == "tile/0/x018/x446/x744/x073/x709/x551/615");
  CHECK(Unwrap(ParseTilePath(TilePath(last))) == last);
  CHECK_FAILS(ParseTilePath("tile/0/x018/x446/x744/x073/x709/x551/616"), ErrorCode::kInvalid, "the index is too large");
}

TEST_CASE("the widths at the right edge are those of the specification", "[tile]") {
  CHECK(HashesAtLevel(70'000, 0) / kTileWidth == 273);
  CHECK(PartialWidth(70'000, 0) == 112);
  CHECK(HashesAtLevel(70'000, 1) / kTileWidth == 1);
  CHECK(PartialWidth(70'000, 1) == 17);
  CHECK(HashesAtLevel(70'000, 2) / kTileWidth == 0);
  CHECK(PartialWidth(70'000, 2) == 1);
  CHECK(PartialWidth(70'000, 3) == 0);
  CHECK(PartialWidth(256, 0) == 0);
  CHECK(PartialWidth(256, 1) == 1);
  CHECK(PartialWidth(~std::uint64_t{0}, 7) == 255);
  CHECK(PartialWidth(~std::uint64_t{0}, 8) == 0);
  CHECK(HashesAtLevel(~std::uint64_t{0}, 63) == 0);
}

TEST_CASE("an entry bundle keeps its entries, empty and longest ones too", "[tile]") {
  const std::vector<Bytes> entries = {{}, {0x2a}, Bytes(kMaxBundledEntry, 0x61)};
  const Bytes bundle = Unwrap(EncodeEntryBundle(entries));
  REQUIRE(bundle.size() == 2 + 3 + 2 + kMaxBundledEntry);
  CHECK(Equal(ByteView(bundle).first(7), Hex("0000"
                                             "00012a"
                                             "ffff")));
  CHECK(Unwrap(ParseEntryBundle(bundle, 3)) == entries);
  CHECK(Unwrap(ParseEntryBundle(Bytes(), 0)).empty());
}

TEST_CASE("an entry that does not fit its length is refused", "[tile]") {
  CHECK_FAILS(EncodeEntryBundle({Bytes(kMaxBundledEntry + 1)}), ErrorCode::kInvalid,
              "an entry of 65536 bytes does not fit a bundle");
}

TEST_CASE("a bundle cut at any byte is refused", "[tile]") {
  const Bytes bundle = Unwrap(EncodeEntryBundle({Hex("01"), Hex("0203"), Hex("")}));
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    CAPTURE(size);
    const auto parsed = ParseEntryBundle(ByteView(bundle).first(size), 3);
    CHECK_FAILS(parsed, ErrorCode::kInvalid, "entry bundle: ");
  }
  CHECK_FAILS(ParseEntryBundle(Hex("00"), 1), ErrorCode::kInvalid, "entry 0: the length is cut off");
  CHECK_FAILS(ParseEntryBundle(Hex("0002ff"), 1), ErrorCode::kInvalid, "entry 0: the entry is cut off");
}

TEST_CASE("a bundle of another number of entries is refused", "[tile]") {
  const Bytes bundle = Unwrap(EncodeEntryBundle({Hex("01"), Hex("0203")}));
  CHECK_FAILS(ParseEntryBundle(bundle, 1), ErrorCode::kInvalid, "entry 1: one more than expected");
  CHECK_FAILS(ParseEntryBundle(bundle, 3), ErrorCode::kInvalid, "holds 2 entries instead of 3");
}

}  // namespace
}  // namespace exhibit::tlog

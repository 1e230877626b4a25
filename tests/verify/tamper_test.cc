// Goal: whatever one value of a vault becomes, the verifier finds it and names the place.
// Method: a real vault of a few items, read through a source in which one value is flipped, dropped,
// swapped or replaced; every byte of every stored value in turn.
#include "tests/support/findings.h"
#include "tests/support/tampered_source.h"
#include "tests/support/vault_fixture.h"
#include "vault/seal/layout.h"

namespace exhibit::testing {
namespace {

using verify::Depth;
using verify::Property;

Bytes Flipped(Bytes bytes, std::size_t at) {
  bytes[at] ^= 0x01;
  return bytes;
}

struct TamperFixture : VaultFixture {
  TamperFixture() {
    Add({{"a.log", "one\ntwo\n"}, {"b.txt", std::string(100'000, 'b')}, {"c.txt", ""}});
    reader = Unwrap(OpenReader());
  }
  verify::Report Check(const TamperedSource& source, Depth depth) { return VerifySource(source, depth); }
  std::unique_ptr<VaultReader> reader;
};

}  // namespace

TEST_CASE_METHOD(TamperFixture, "an untouched vault verifies at every depth", "[verify]") {
  for (const Depth depth : {Depth::kLog, Depth::kSealed, Depth::kContent}) {
    const auto report = Verify(depth);
    CHECK(report.ok());
    CHECK(report.entries == 4);
    CHECK(report.items == (depth == Depth::kLog ? 0 : 4));  // the genesis has fields too
    CHECK(report.evidence == (depth == Depth::kLog ? 0 : 3));
    CHECK(report.contents == (depth == Depth::kContent ? 4 : 0));
  }
}

TEST_CASE_METHOD(TamperFixture, "every flipped byte of every entry is found, and the entry named", "[verify]") {
  for (std::uint64_t at = 0; at < 4; ++at) {
    const Bytes good = Unwrap(reader->ReadEntry({at}));
    for (std::size_t byte = 0; byte < good.size(); ++byte) {
      TamperedSource source(*reader);
      source.entries[at] = Flipped(good, byte);
      const auto report = Check(source, Depth::kLog);
      CAPTURE(at, byte);
      REQUIRE_FALSE(report.ok());
      REQUIRE(std::ranges::any_of(report.findings,
                                  [&](const auto& finding) { return finding.entry == tlog::Sequence{at}; }));
    }
  }
}

// Of the blocks every 61st: a payload is padded to 4 KiB, and all of its bytes are hashed alike.
TEST_CASE_METHOD(TamperFixture, "flipped bytes of every header, layout line and block are found, and the entry named",
                 "[verify]") {
  for (std::uint64_t at = 0; at < 4; ++at) {
    const Bytes header = Unwrap(reader->ReadHeader({at}));
    for (std::size_t byte = 0; byte < header.size(); ++byte) {
      TamperedSource source(*reader);
      source.headers[at] = Flipped(header, byte);
      CAPTURE(at, byte);
      REQUIRE(Names(Check(source, Depth::kSealed), Property::kHeader, at));
    }
    const Bytes line = Unwrap(reader->ReadLayout({at}));
    for (std::size_t byte = 0; byte < line.size(); ++byte) {
      TamperedSource source(*reader);
      source.layouts[at] = Flipped(line, byte);
      CAPTURE(at, byte);
      REQUIRE(Names(Check(source, Depth::kSealed), Property::kLayout, at));
    }
    const auto layout = Unwrap(seal::PayloadLayout::Parse(TextOf(line)));
    for (std::uint64_t block = 0; block < layout.block_count(); ++block) {
      const Bytes bytes = ReadBlock(*reader, {at}, block);
      for (std::size_t byte = 0; byte < bytes.size(); byte += 61) {
        TamperedSource source(*reader);
        source.blocks[{at, block}] = Flipped(bytes, byte);
        CAPTURE(at, block, byte);
        REQUIRE(Names(Check(source, Depth::kSealed), Property::kPayload, at, block));
      }
    }
  }
}

TEST_CASE_METHOD(TamperFixture, "every flipped byte of the head, a tile and the block hashes is found", "[verify]") {
  const Bytes head = Unwrap(reader->ReadHead());
  for (std::size_t byte = 0; byte < head.size(); ++byte) {
    TamperedSource source(*reader);
    source.head = TamperedSource::Value(Flipped(head, byte));
    CAPTURE(byte);
    REQUIRE(Names(Check(source, Depth::kLog), Property::kHead, {}));
  }
  const Bytes tile = Unwrap(reader->ReadTile({0, 0, 4}));
  for (std::size_t byte = 0; byte < tile.size(); ++byte) {
    TamperedSource source(*reader);
    source.tiles[{0, 0}] = Flipped(tile, byte);
    REQUIRE(Names(Check(source, Depth::kLog), Property::kTile, byte / 32));
  }
  const Bytes hashes = Unwrap(reader->ReadBlockHashes({1}));
  for (std::size_t byte = 0; byte < hashes.size(); ++byte) {
    TamperedSource source(*reader);
    source.block_hashes[1] = Flipped(hashes, byte);
    REQUIRE(Names(Check(source, Depth::kSealed), Property::kPayload, 1));
  }
}

TEST_CASE_METHOD(TamperFixture, "what is dropped is reported where it is missing", "[verify]") {
  SECTION("an entry") {
    TamperedSource source(*reader);
    source.entries[2] = std::nullopt;
    const auto report = Check(source, Depth::kLog);
    CHECK(Names(report, Property::kEntry, 2));
    CHECK(report.findings.size() == 1);  // its hash is in the tiles, and the rest holds
  }
  SECTION("an entry and its hash") {
    TamperedSource source(*reader);
    source.entries[2] = std::nullopt;
    source.tiles[{0, 0}] = std::nullopt;
    const auto report = Check(source, Depth::kLog);
    CHECK(Names(report, Property::kEntry, 2));
    CHECK(Names(report, Property::kTree, {}));
    CHECK_FALSE(Names(report, Property::kChain, 3));  // nothing is said of what cannot be compared
  }
  SECTION("an entry, and another hash in its place") {
    TamperedSource source(*reader);
    source.entries[2] = std::nullopt;
    source.tiles[{0, 0}] = Flipped(Unwrap(reader->ReadTile({0, 0, 4})), std::size_t{2 * 32});
    const auto report = Check(source, Depth::kLog);
    CHECK(Names(report, Property::kEntry, 2));
    CHECK(Names(report, Property::kTree, {}));
  }
  SECTION("the genesis") {
    TamperedSource source(*reader);
    source.entries[0] = std::nullopt;
    CHECK(Names(Check(source, Depth::kLog), Property::kGenesis, 0));
  }
  SECTION("the head") {
    TamperedSource source(*reader);
    source.head = TamperedSource::Value(std::nullopt);
    CHECK(Names(Check(source, Depth::kLog), Property::kHead, {}));
  }
  SECTION("a header") {
    TamperedSource source(*reader);
    source.headers[2] = std::nullopt;
    CHECK(Names(Check(source, Depth::kSealed), Property::kHeader, 2));
  }
  SECTION("a layout line") {
    TamperedSource source(*reader);
    source.layouts[2] = std::nullopt;
    CHECK(Names(Check(source, Depth::kSealed), Property::kLayout, 2));
  }
  SECTION("a block") {
    TamperedSource source(*reader);
    source.blocks[{2, 1}] = std::nullopt;
    CHECK(Names(Check(source, Depth::kSealed), Property::kPayload, 2, 1));
  }
  SECTION("a tile") {
    TamperedSource source(*reader);
    source.tiles[{0, 0}] = std::nullopt;
    CHECK(Names(Check(source, Depth::kLog), Property::kTile, {}));
  }
}

TEST_CASE_METHOD(TamperFixture, "a genesis that was replaced is found, and whoever signed it", "[verify]") {
  // By somebody who has the log's key, and admits a custodian of their own choice.
  const auto own_key = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault/k1")));
  custody::Entry forged = reader->genesis().parsed();
  std::get<custody::Genesis>(forged.body).custodian.key = own_key.verifier();
  forged.actor = custody::ActorOf(own_key.verifier());
  TamperedSource source(*reader);
  source.entries[0] = ToBytes(Unwrap(custody::SignedEntry::Sign(forged, own_key)).bytes());
  const auto report = Check(source, Depth::kLog);
  CHECK(Names(report, Property::kChain, 1));
  CHECK(Names(report, Property::kTree, {}));

  verify::Options options;
  options.depth = Depth::kLog;
  options.fingerprint = reader->fingerprint();
  CHECK(Names(Unwrap(verify::Verify(source, options, pool())), Property::kGenesis, 0));
}

TEST_CASE_METHOD(TamperFixture, "what is swapped or duplicated is found", "[verify]") {
  SECTION("two entries") {
    TamperedSource source(*reader);
    source.entries[1] = Unwrap(reader->ReadEntry({2}));
    source.entries[2] = Unwrap(reader->ReadEntry({1}));
    const auto report = Check(source, Depth::kLog);
    CHECK(Names(report, Property::kChain, 1));
    CHECK(Names(report, Property::kChain, 2));
    CHECK(Names(report, Property::kTree, {}));
  }
  SECTION("an entry stands twice") {
    TamperedSource source(*reader);
    source.entries[3] = Unwrap(reader->ReadEntry({2}));
    CHECK(Names(Check(source, Depth::kLog), Property::kChain, 3));
  }
  SECTION("two items' headers") {
    TamperedSource source(*reader);
    source.headers[1] = Unwrap(reader->ReadHeader({2}));
    CHECK(Names(Check(source, Depth::kContent), Property::kHeader, 1));
  }
  SECTION("two items' layouts") {
    TamperedSource source(*reader);
    source.layouts[1] = Unwrap(reader->ReadLayout({2}));
    CHECK(Names(Check(source, Depth::kSealed), Property::kLayout, 1));
  }
  SECTION("two items' tails") {
    TamperedSource source(*reader);
    source.blocks[{1, 1}] = ReadBlock(*reader, {3}, 1);
    CHECK(Names(Check(source, Depth::kSealed), Property::kPayload, 1, 1));
  }
}

TEST_CASE_METHOD(TamperFixture, "an entry of another vault is refused by its origin", "[verify]") {
  const Bytes mine = Unwrap(reader->ReadEntry({2}));
  auto parsed = Unwrap(custody::SignedEntry::Parse(mine));
  const auto stranger = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault/k9")));
  custody::Entry entry = parsed.parsed();
  entry.actor = custody::ActorOf(stranger.verifier());
  SECTION("signed by a key that this vault does not know") {
    TamperedSource source(*reader);
    source.entries[2] = ToBytes(Unwrap(custody::SignedEntry::Sign(entry, stranger)).bytes());
    const auto report = Check(source, Depth::kLog);
    REQUIRE(Names(report, Property::kChain, 2));
    CHECK(Says(report, "never admitted"));
  }
  SECTION("made for another origin") {
    entry.origin = Unwrap(tlog::Origin::Parse("other.example/vault"));
    TamperedSource source(*reader);
    source.entries[2] = ToBytes(Unwrap(custody::SignedEntry::Sign(entry, stranger)).bytes());
    const auto report = Check(source, Depth::kLog);
    REQUIRE(Names(report, Property::kChain, 2));
    CHECK(Says(report, "belongs to another vault"));
  }
}

TEST_CASE_METHOD(TamperFixture, "a fingerprint that was brought decides which vault it is", "[verify]") {
  verify::Options options;
  options.depth = Depth::kLog;
  options.fingerprint = reader->fingerprint();
  CHECK(Unwrap(verify::Verify(*reader, options, pool())).ok());
  options.fingerprint->mutable_view()[0] ^= 1;
  CHECK(Names(Unwrap(verify::Verify(*reader, options, pool())), Property::kGenesis, 0));
}

}  // namespace exhibit::testing

// Goal: what proves itself is found in any bytes around it, and nothing else is taken for it. Method: entries, checkpoints,
// layouts and hashes of a real vault, put between noise, cut, and wrapped as RocksDB wraps them.
#include "vault/rescue/carve.h"

#include "tests/support/vault_fixture.h"
#include "vault/seal/layout.h"
#include "vault/store/rocks_keys.h"

namespace exhibit::testing {
namespace {

using rescue::Carve;
using rescue::JoinRecords;

struct CarveFixture : VaultFixture {
  CarveFixture() {
    Add({{"a", "one"}, {"b", "two"}});
    const auto reader = Unwrap(OpenReader());
    entry = Unwrap(reader->ReadEntry({1}));
    head = Unwrap(reader->ReadHead());
    header = Unwrap(reader->ReadHeader({1}));
    layout = Unwrap(reader->ReadLayout({1}));
  }
  // Bytes that begin as these do, and are none of them.
  static Bytes Noise() { return ToBytes(ViewOf(R"(x{"v":1,"type":"item"{"bytes":12 age-encryption.org/v1 0 1 2)")); }
  static Bytes Around(ByteView what) {
    Bytes bytes = Noise();
    Append(bytes, what);
    Append(bytes, Noise());
    return bytes;
  }
  Bytes entry;
  Bytes head;
  Bytes header;
  Bytes layout;
};

// A record of a log of RocksDB's, without a right checksum: a rescue asks for none.
Bytes Record(std::uint8_t type, ByteView data) {
  Bytes bytes = {1, 2, 3, 4, static_cast<std::uint8_t>(data.size()), static_cast<std::uint8_t>(data.size() >> 8), type};
  Append(bytes, data);
  return bytes;
}

}  // namespace

TEST_CASE_METHOD(CarveFixture, "what is signed is found between noise, with exactly its bytes", "[rescue]") {
  const Bytes window = Around(entry);
  const auto found = Carve(window, window.size());
  REQUIRE(found.entries.size() == 1);
  CHECK(Equal(ByteView(window).subspan(found.entries[0].at, found.entries[0].bytes), entry));
  CHECK(found.entries[0].leaf == tlog::HashLeaf(entry));
  CHECK(found.entries[0].sequence == tlog::Sequence{1});
  CHECK(found.entries[0].type == "item");

  const Bytes with_head = Around(head);
  const auto heads = Carve(with_head, with_head.size());
  REQUIRE(heads.checkpoints.size() == 1);
  CHECK(Equal(heads.checkpoints[0].note, head));

  const Bytes with_header = Around(header);
  const auto headers = Carve(with_header, with_header.size()).headers;
  REQUIRE(headers.size() == 1);
  CHECK(headers[0].bytes == header.size());
}

TEST_CASE_METHOD(CarveFixture, "a checkpoint with cosignatures and one that follows another are both found",
                 "[rescue]") {
  Bytes window = head;
  Append(window, head);
  CHECK(Carve(window, window.size()).checkpoints.size() == 2);
}

TEST_CASE_METHOD(CarveFixture, "the place that a store keeps is found before its layout line", "[rescue]") {
  const store::SealedPlace place{200, 4128, 96, {{3, 77, 4000}, {4, 0, 424}}, std::string(TextOf(layout))};
  const Bytes window = Around(ViewOf(store::EncodePlace(store::PlaceState::kSealed, place)));
  const auto found = Carve(window, window.size()).layouts;
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].place.has_value());
  CHECK(*found[0].place == place);
  // The line alone is of use, too.
  const auto alone = Carve(Around(layout), 10'000).layouts;
  REQUIRE(alone.size() == 1);
  CHECK_FALSE(alone[0].place.has_value());
}

TEST_CASE_METHOD(CarveFixture, "nothing that is cut off or changed in its form is taken", "[rescue]") {
  for (std::size_t size = 0; size < entry.size(); ++size) {
    const auto found = Carve(ByteView(entry).first(size), size);
    CHECK(found.entries.empty());
  }
  Bytes changed = entry;
  changed[0] = '[';
  CHECK(Carve(changed, changed.size()).entries.empty());
}

TEST_CASE_METHOD(CarveFixture, "what begins after the window's part is left to the next one", "[rescue]") {
  const Bytes window = Around(entry);
  const std::size_t at = Noise().size();
  CHECK(Carve(window, at).entries.empty());
  CHECK(Carve(window, at + 1).entries.size() == 1);
}

TEST_CASE_METHOD(CarveFixture, "records of a log are put together across their ends", "[rescue]") {
  const std::size_t half = entry.size() / 2;
  Bytes log = Record(2, ByteView(entry).first(half));
  Append(log, Record(4, ByteView(entry).subspan(half)));
  CHECK(Carve(log, log.size()).entries.empty());
  const Bytes joined = JoinRecords(log);
  REQUIRE(Carve(joined, joined.size()).entries.size() == 1);

  // A damaged header costs what is left of its block, and not what lies whole in it.
  Bytes damaged = Record(9, entry);
  const Bytes rest = JoinRecords(damaged);
  CHECK(Carve(rest, rest.size()).entries.size() == 1);
}

TEST_CASE("hashes of leaves are found in logs, sorted files and lists", "[rescue]") {
  const auto hash_of = [](std::uint8_t fill) { return Bytes(32, fill); };
  const auto key_of = [](std::uint64_t index) { return ToBytes(ViewOf(store::StoredKey::OfNode(0, index).view())); };

  Bytes logged = {1, 10};
  Append(logged, key_of(7));
  logged.push_back(32);
  Append(logged, hash_of(0x77));
  const auto from_log = Carve(logged, logged.size()).hashes;
  REQUIRE(from_log.size() == 1);
  CHECK(from_log[0].leaf == tlog::Sequence{7});
  CHECK(Equal(from_log[0].hash.view(), hash_of(0x77)));

  // The first row of a run has its whole key; the second shares nine bytes with it.
  Bytes sorted = {0, 18, 32};
  Append(sorted, key_of(300));
  Append(sorted, Bytes(8, 1));
  Append(sorted, hash_of(0x30));
  Append(sorted, Bytes{9, 9, 32, 0x2d});
  Append(sorted, Bytes(8, 1));
  Append(sorted, hash_of(0x31));
  const auto from_run = Carve(sorted, sorted.size()).hashes;
  REQUIRE(from_run.size() == 2);
  CHECK(from_run[0].leaf == tlog::Sequence{300});
  CHECK(from_run[1].leaf == tlog::Sequence{301});
  CHECK(Equal(from_run[1].hash.view(), hash_of(0x31)));

  const std::string lines =
      "0 2 " + std::string(64, 'a') + "\n1 2 " + std::string(64, 'b') + "\n0 6 " + std::string(64, 'c') + "\n";
  const auto from_list = Carve(ViewOf(lines), lines.size()).hashes;
  REQUIRE(from_list.size() == 2);
  CHECK(from_list[1].leaf == tlog::Sequence{6});
}

}  // namespace exhibit::testing

// Goal: every store keeps every promise of store/store.h, so that what is above it need not know which one it has.
// Method: one test for each promise, over every store of conformance.h. A store that is opened again, one after a crash
// and one whose append failed are part of it.
#include <atomic>
#include <thread>

#include "tests/store/conformance_log.h"

namespace exhibit::testing {

PROMISE("a store is made once, and opened only where it was made") {
  TestType place;
  CHECK_FAILS(place.Open(), ErrorCode::kNotFound, "");
  CHECK_FAILS(place.OpenForReading(), ErrorCode::kNotFound, "");
  Unwrap(place.Create());
  CHECK_FAILS(place.Create(), ErrorCode::kExists, "");
  const auto store = Unwrap(place.Open());
  CHECK(Unwrap(store->CountEntries()).value == 0);
  CHECK(Unwrap(store->ReadActs({})).empty());
  CHECK(Unwrap(store->CheckMedium()).empty());
  CheckAbsent(*store, 0);
}

PROMISE("durable: what was appended is there for all that open later, and after a crash") {
  TestType place;
  auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 3));
  REQUIRE_OK(log.AppendSealed(*store, 2));
  CheckHolds(*store, 5);
  SECTION("opened again") { store.reset(); }
  SECTION("after a crash") { place.Crash(); }
  CheckHolds(*Unwrap(place.OpenForReading()), 5);
  const auto next = Unwrap(place.Open());
  CheckHolds(*next, 5);
  REQUIRE_OK(log.AppendSealed(*next, 1));
  CheckHolds(*next, 6);
}

PROMISE("atomic: an append that failed is there as a whole or not at all, and is not followed by another") {
  TestType place;
  Log log;
  const auto store = Unwrap(place.Create());
  REQUIRE_OK(log.AppendSealed(*store, 2));
  place.FailNextAppend();
  CHECK_FAILS(log.AppendSealed(*store, 3), ErrorCode::kIo, "append");
  CHECK_FAILS(store->NewStage(), ErrorCode::kIo, "not known whether it was kept");
  CHECK_FAILS(log.Append(*store, 1), ErrorCode::kIo, "not known whether it was kept");
  CHECK_FAILS(store->DropUnreferenced(), ErrorCode::kIo, "not known whether it was kept");
  place.Crash();
  const auto next = Unwrap(place.Open());
  const std::uint64_t count = Unwrap(next->CountEntries()).value;
  CHECK((count == 2 || count == 5));
  REQUIRE_OK(next->DropUnreferenced());
  CheckHolds(*next, count);
  CheckAbsent(*next, count);
  CHECK(IsClean(*next, TestType::kTakesBack ? Left::kNothing : Left::kPerhapsStaged));
}

PROMISE("append-only: a batch that does not begin after the last entry is refused, and changes nothing") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  Log late = log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  CHECK_FAILS(late.AppendSealed(*store, 1), ErrorCode::kExists, "entry 0 is in the store already");
  late = log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  CHECK_FAILS(late.AppendSealed(*store, 3), ErrorCode::kExists, "entry 2 is in the store already");
  const Bytes entry = Text("too far");
  AppendBatch gap;
  gap.entries.push_back({{5}, entry});
  CHECK_FAILS(store->Append(gap), ErrorCode::kInvalid, "entry 5 would leave a gap");
  gap.entries = {{{4}, entry}, {{6}, entry}};
  CHECK_FAILS(store->Append(gap), ErrorCode::kInvalid, "entry 6 would leave a gap");
  CheckHolds(*store, 4);
  CHECK(IsClean(*store, TestType::kTakesBack ? Left::kNothing : Left::kPerhapsStaged));
  // It is no fault of the store: the writer may go on.
  REQUIRE_OK(log.AppendSealed(*store, 1));
  CheckHolds(*store, 5);
}

PROMISE("append-only: a checkpoint is recorded once for each size, and durable with the next append") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 1));
  REQUIRE_OK(store->PutCheckpoint({1}, Text("of size 1")));
  REQUIRE_OK(store->PutCheckpoint({1}, Text("of size 1")));
  CHECK_FAILS(store->PutCheckpoint({1}, Text("another")), ErrorCode::kExists, "checkpoint of size 1");
  CHECK(Unwrap(store->ReadCheckpoint({1})) == Text("of size 1"));
  CHECK_FAILS(store->ReadCheckpoint({2}), ErrorCode::kNotFound, "checkpoint of size 2");
  SECTION("the next append has entries") { REQUIRE_OK(log.AppendSealed(*store, 1)); }
  SECTION("the next append is empty") { REQUIRE_OK(store->Append({})); }
  place.Crash();
  CHECK(Unwrap(Unwrap(place.OpenForReading())->ReadCheckpoint({1})) == Text("of size 1"));
}

PROMISE("append-only: a tile grows in its place, and is read as far as it goes") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.Append(*store, 250));
  const Bytes narrow = Unwrap(store->ReadTile({0, 0, 250}));
  CHECK(narrow.size() == 250 * tlog::NodeHash::kSize);
  CHECK(Unwrap(store->ReadTile({0, 0, 256})) == narrow);
  CHECK(Unwrap(store->ReadTile({0, 0, 1})) == narrow);
  CHECK_FAILS(store->ReadTile({1, 0, 1}), ErrorCode::kNotFound, "tile 0 of level 1");
  REQUIRE_OK(log.Append(*store, 300));
  const Bytes full = Unwrap(store->ReadTile({0, 0, 256}));
  CHECK(full.size() == 256 * tlog::NodeHash::kSize);
  CHECK(Equal(ByteView(full).first(narrow.size()), narrow));
  CHECK(Unwrap(store->ReadTile({0, 2, 38})).size() == 38 * tlog::NodeHash::kSize);
  CHECK(Unwrap(store->ReadTile({1, 0, 2})).size() == 2 * tlog::NodeHash::kSize);
}

PROMISE("staged: a sealed file can be compared before an entry names it, and no reader sees it") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 1));
  const auto stage = Unwrap(store->NewStage());
  const std::vector<File> files = {File::Of(1, 3), File::Of(2, 700'000), File::HeaderAlone("a header alone")};
  std::vector<SealedPlace> places;
  for (const File& file : files) places.push_back(file.StageIn(*stage));
  REQUIRE_OK(stage->Sync());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CAPTURE(i);
    const File& file = files[i];
    const SealedPlace& at = places[i];
    CHECK(at.header_bytes == file.header.size());
    CHECK(at.payload_bytes == file.payload.size());
    CHECK(at.hashes_bytes == file.AllHashes().size());
    CHECK(at.layout == file.layout);
    CHECK(Unwrap(store->ReadSealed(at, {0, at.header_bytes})) == file.header);
    CHECK(Unwrap(store->ReadSealed(at, {at.header_bytes, at.payload_bytes})) == file.payload);
    CHECK(Unwrap(store->ReadSealed(at, {at.header_bytes + at.payload_bytes, at.hashes_bytes})) == file.AllHashes());
    const std::uint64_t all = at.header_bytes + at.payload_bytes + at.hashes_bytes;
    CHECK_FAILS(store->ReadSealed(at, {all, 1}), ErrorCode::kTampered, "ends before");
  }
  CheckHolds(*store, 1);
  CheckAbsent(*store, 1);
  CheckHolds(*Unwrap(place.OpenForReading()), 1);
}

PROMISE("taken back: what no entry names goes with its stage, or with the next writer after a crash") {
  if constexpr (!TestType::kTakesBack) return;
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  auto stage = Unwrap(store->NewStage());
  File::Of(9, 300'000).StageIn(*stage);
  REQUIRE_OK(stage->Sync());
  SECTION("with its stage") {
    stage.reset();
    CHECK(Unwrap(store->CheckMedium()).empty());
    REQUIRE_OK(log.AppendSealed(*store, 1));
    CheckHolds(*store, 3);
  }
  SECTION("after a crash") {
    place.Crash();
    const auto next = Unwrap(place.Open());
    const auto faults = Unwrap(next->CheckMedium());
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().weight == verify::MediumFault::Weight::kRemark);
    CHECK(faults.front().message.find("bytes that no entry names") != std::string::npos);
    // It begins with what was staged first.
    const File staged = File::Of(9, 300'000);
    const SealedPlace left = Unwrap(next->FindUnreferenced());
    CHECK(left.payload_bytes == staged.header.size() + staged.payload.size() + staged.AllHashes().size());
    CHECK(Unwrap(next->ReadSealed(left, {0, staged.header.size()})) == staged.header);
    CHECK(Unwrap(next->ReadSealed(left, {staged.header.size(), 300'000})) == staged.payload);
    REQUIRE_OK(next->DropUnreferenced());
    CHECK_FAILS(next->FindUnreferenced(), ErrorCode::kNotFound, "no entry names");
    CHECK(Unwrap(next->CheckMedium()).empty());
    REQUIRE_OK(log.AppendSealed(*next, 1));
    CheckHolds(*next, 3);
  }
}

PROMISE("taken back: where several machines write, what no entry names stays, and is remarked") {
  if constexpr (TestType::kTakesBack) return;
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  REQUIRE_OK(store->PutCheckpoint({2}, Text("of size 2")));
  CHECK(Unwrap(store->CheckMedium()).empty());
  auto stage = Unwrap(store->NewStage());
  File::Of(9, 300'000).StageIn(*stage);
  REQUIRE_OK(stage->Sync());
  stage.reset();
  place.Crash();
  const auto next = Unwrap(place.Open());
  CHECK_FAILS(next->FindUnreferenced(), ErrorCode::kNotFound, "no entry names");
  REQUIRE_OK(next->DropUnreferenced());
  CHECK_FALSE(Unwrap(next->CheckMedium()).empty());
  CHECK(IsClean(*next, Left::kPerhapsStaged));
  REQUIRE_OK(log.AppendSealed(*next, 1));
  CheckHolds(*next, 3);
}

PROMISE("snapshot: a reader sees the store as it was when it was opened") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  const auto reader = Unwrap(place.OpenForReading());
  REQUIRE_OK(log.AppendSealed(*store, 2));
  REQUIRE_OK(store->PutCheckpoint({4}, Text("of size 4")));
  CheckHolds(*reader, 2);
  CheckAbsent(*reader, 2);
  CHECK_FAILS(reader->ReadCheckpoint({4}), ErrorCode::kNotFound, "checkpoint of size 4");
  CheckHolds(*Unwrap(place.OpenForReading()), 4);
}

PROMISE("absent: what is not there is not found, whatever is asked for") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 3));
  CheckAbsent(*store, 3);
  CheckAbsent(*store, 1'000'000);
  CheckAbsent(*store, ~std::uint64_t{0} - 1);
  CheckAbsent(*Unwrap(place.OpenForReading()), 3);
  // An entry without a sealed file.
  REQUIRE_OK(log.Append(*store, 1));
  CHECK_FAILS(store->ReadPayload({3}, {0, 0}), ErrorCode::kNotFound, "entry 3");
}

PROMISE("a stretch past the end of a payload is damage, and never shorter bytes") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 2));
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  CHECK(Unwrap(store->ReadPayload({0}, {4999, 1})) == Bytes{File::Of(0).payload[4999]});
  CHECK(Unwrap(store->ReadPayload({0}, {5000, 0})).empty());
  CHECK_FAILS(store->ReadPayload({0}, {4999, 2}), ErrorCode::kTampered, "entry 0: payload has 5000 bytes");
  CHECK_FAILS(store->ReadPayload({0}, {5001, 0}), ErrorCode::kTampered, "ends too early");
  CHECK_FAILS(store->ReadPayload({0}, {kMost, 1}), ErrorCode::kTampered, "ends too early");
  CHECK_FAILS(store->ReadPayload({0}, {1, kMost}), ErrorCode::kTampered, "ends too early");
}

PROMISE("many entries are read as each by itself, and past the end too") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.Append(*store, 5));
  const auto entries = store->ReadEntries({3}, 4);
  REQUIRE(entries.size() == 4);
  CHECK(Unwrap(Result<Bytes>(entries[0])) == EntryOf(3));
  CHECK(Unwrap(Result<Bytes>(entries[1])) == EntryOf(4));
  CHECK_FAILS(entries[2], ErrorCode::kNotFound, "entry 5");
  CHECK_FAILS(entries[3], ErrorCode::kNotFound, "entry 6");
  CHECK(store->ReadEntries({0}, 0).empty());
}

PROMISE("rows of the index come ascending, from the first subject to the last") {
  TestType place;
  const auto store = Unwrap(place.Create());
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  const std::vector<custody::ActRow> rows = {{0, {0}, "genesis"}, {0, {1}, "hold"},     {1, {1}, "hold"},
                                             {2, {1}, "hold"},    {kMost, {0}, "item"}, {kMost, {1}, "item"}};
  const Bytes first = EntryOf(0);
  const Bytes second = EntryOf(1);
  AppendBatch batch;
  batch.entries = {{{0}, first}, {{1}, second}};
  batch.acts = {rows.rbegin(), rows.rend()};
  tlog::GrowingTree tree;
  for (const Bytes& entry : {first, second}) tree.Append(tlog::HashLeaf(entry));
  const auto tiles = tree.TakeChangedTiles();
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  REQUIRE_OK(store->Append(batch));
  CHECK(Unwrap(store->ReadActs({})) == rows);
  CHECK(Unwrap(store->ReadActs({1, 2})) == std::vector(rows.begin() + 2, rows.begin() + 4));
  CHECK(Unwrap(store->ReadActs({0, 0})) == std::vector(rows.begin(), rows.begin() + 2));
  CHECK(Unwrap(store->ReadActs({kMost, kMost})) == std::vector(rows.begin() + 4, rows.end()));
  CHECK(Unwrap(store->ReadActs({3, kMost - 1})).empty());
}

PROMISE("threads: reads go on side by side, and beside a writer") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 20));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&store, &wrong] {
      for (std::uint64_t i = 0; i < 200; ++i) {
        const std::uint64_t at = i % 20;
        const auto entry = store->ReadEntry({at});
        const auto payload = store->ReadPayload({at}, {0, 5000});
        const auto rows = store->ReadActs({0, 0});
        if (!entry || *entry != EntryOf(at) || !payload || *payload != File::Of(at).payload || !rows) ++wrong;
      }
    });
  }
  for (int i = 0; i < 5; ++i) REQUIRE_OK(log.AppendSealed(*store, 1));
  for (std::thread& reader : readers) reader.join();
  CHECK(wrong == 0);
  CheckHolds(*store, 25);
}

}  // namespace exhibit::testing

// Goal: an error of the store at any call, whether the store did its work or not, costs what was being added and never
// what was acknowledged; and the next writer goes on.
// Method: an appender over a disk in memory that fails at call 0, 1, 2 … until a commit passes without harm; and again
// with its power cut at that moment. What is committed is a group of items, an act, and a reseal.
#include "vault/store/appender.h"

#include "tests/store/stored_log.h"

namespace exhibit::testing {
namespace {

using store::MemoryDisk;

enum class What : std::uint8_t { kGroup, kAct, kReseal };

struct AppenderFixture : StoredLog {
  // Adds entries 1 and 2, which the acts are about.
  AppenderFixture() {
    const auto writer = Unwrap(Open());
    REQUIRE_OK(writer.appender->Commit(Group(writer.appender->sealer(), {"first", "second"}), nullptr));
  }
  Result<store::Committed> Commit(Writer& writer, What what) {
    switch (what) {
      case What::kGroup:
        return writer.appender->Commit(Group(writer.appender->sealer(), {"one", "two", "three"}), nullptr);
      case What::kAct: return writer.Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1-2"))});
      case What::kReseal: return Reseal(writer);
    }
    InternalError("no such commit", __FILE__, __LINE__);
  }
  Result<store::Committed> Reseal(Writer& writer) {
    const seal::Identity next = seal::X25519Identity::Generate();
    custody::Reseal reseal;
    reseal.recipient = RecipientOf(next);
    reseal.items = Unwrap(custody::ItemSet::Parse("1-2"));
    const std::vector<Bytes> headers = {ToBytes(ViewOf("a header anew")), ToBytes(ViewOf("and another"))};
    reseal.SetHeaders(
        {custody::DigestOf<custody::HeaderDigest>(headers[0]), custody::DigestOf<custody::HeaderDigest>(headers[1])});
    return writer.appender->CommitReseal({std::move(reseal), {{"reason", "a test"}}}, headers);
  }
};

}  // namespace

TEST_CASE_METHOD(AppenderFixture, "a store that fails at any call costs what was being added, and nothing else",
                 "[store][appender]") {
  const auto fault = GENERATE(MemoryDisk::Fault::kNotDone, MemoryDisk::Fault::kDone);
  const auto what = GENERATE(What::kGroup, What::kAct, What::kReseal);
  const std::uint64_t entries = what == What::kGroup ? 3 : 1;
  std::uint64_t failed = 0;
  for (std::uint64_t calls = 0;; ++calls) {
    CAPTURE(calls, static_cast<int>(fault), static_cast<int>(what));
    auto writer = Unwrap(OpenAt(disk));
    const std::uint64_t acknowledged = Acknowledged();
    disk.FailAfter(calls, fault);
    const auto committed = Commit(writer, what);
    const bool has_failed = disk.HasFailed();
    disk.FailAt({}, fault);
    if (!committed) CHECK_FAILS(committed, ErrorCode::kIo, "the disk in memory fails");
    CHECK(committed.has_value() == !has_failed);
    CHECK(Acknowledged() == acknowledged + (committed ? entries : 0));
    // A reader finds what was acknowledged, whichever way it went.
    const MemoryDisk after = calls % 2 == 0 ? disk : disk.AfterPowerCut();
    writer = {};
    const auto next = Unwrap(OpenAt(after));
    const std::uint64_t count = Unwrap(next.store->CountEntries()).value;
    CHECK((count == acknowledged || count == acknowledged + entries));
    CHECK(Acknowledged() == count);
    CHECK(Unwrap(next.store->CheckMedium()).empty());
    for (std::uint64_t at = acknowledged; at < count; ++at) {
      REQUIRE_OK(next.store->ReadHeader({at}));
      REQUIRE_OK(next.store->ReadLayout({at}));
      REQUIRE_OK(next.store->ReadBlockHashes({at}));
      if (what == What::kReseal) REQUIRE_OK(next.store->ReadRewrapped({2}, {at}));
    }
    disk = after;
    if (!has_failed) break;
    ++failed;
  }
  CHECK(failed > 10);
}

TEST_CASE_METHOD(AppenderFixture, "nothing is acknowledged that was not read back as it was written",
                 "[store][appender]") {
  const auto what = GENERATE(What::kGroup, What::kAct, What::kReseal);
  const std::string_view call =
      GENERATE("read back a sealed file", "read an entry", "read a row of the index", "read a tile");
  CAPTURE(static_cast<int>(what), call);
  auto writer = Unwrap(Open());
  disk.FailAt([&](std::string_view done) { return done == call; }, MemoryDisk::Fault::kChanged);
  const auto committed = Commit(writer, what);
  const bool is_read = what != What::kGroup || call != "read a row of the index";  // items have no rows
  CHECK(disk.HasFailed() == is_read);
  if (!is_read) return;
  CHECK_FAILS(committed, ErrorCode::kTampered, "read back differs from what was written");
  CHECK(Acknowledged() == 3);
}

TEST_CASE_METHOD(AppenderFixture,
                 "what is stored when the head cannot be signed is said, and the next writer signs over it",
                 "[store][appender]") {
  auto writer = Unwrap(Open());
  disk.FailAt([](std::string_view call) { return call == "record a checkpoint"; }, MemoryDisk::Fault::kNotDone);
  CHECK_FAILS(Commit(writer, What::kAct), ErrorCode::kIo, "entry 3 is stored, and the next add signs over it");
  CHECK(Acknowledged() == 3);
  writer = Unwrap(Open());
  CHECK(Acknowledged() == 4);
}

TEST_CASE_METHOD(AppenderFixture, "an entry that is stored without the sealed file that it names is not signed over",
                 "[store][appender]") {
  const auto writer = Unwrap(Open());
  const auto sealed = Unwrap(writer.appender->sealer().Seal({{"name", "third"}}, {}, ViewOf("third")));
  const auto size = writer.appender->head().size;
  store::Draft draft(writer.appender->state(), Unwrap(tlog::GrowingTree::Open(size, *writer.store)));
  REQUIRE_OK(draft.Extend(custody::Item(), &sealed, {custodian_key}));
  const auto stage = Unwrap(writer.store->NewStage());
  REQUIRE_OK(stage->Begin(sealed.header));
  REQUIRE_OK(stage->Put(sealed.payload));
  const auto place = Unwrap(stage->End(sealed.block_hashes, "another layout\n"));
  REQUIRE_OK(stage->Sync());
  store::AppendBatch batch;
  batch.entries.push_back({{3}, draft.entries().front().bytes()});
  batch.sealed.push_back({{3}, place});
  const auto tiles = draft.tree().TakeChangedTiles();
  for (const auto& tile : tiles) batch.tiles.push_back({tile.id, tile.bytes});
  REQUIRE_OK(writer.store->Append(batch));
  CHECK_FAILS(Open(), ErrorCode::kTampered, "entry 3: the layout of its sealed file is not the one that it names");
  CHECK(Acknowledged() == 3);
}

}  // namespace exhibit::testing

// Goal: what was destroyed is gone for all, and nothing else is.
// Method: as in conformance_test.cc, over every store.
#include <array>

#include "tests/store/conformance_log.h"

namespace exhibit::testing {
namespace {

// A store that cannot overwrite remarks what it has of it still; nothing else is wrong.
void CheckMediumIsWhole(const ReadableStore& seen) {
  for (const verify::MediumFault& fault : Unwrap(seen.CheckMedium())) {
    INFO(fault.message);
    CHECK(fault.weight == verify::MediumFault::Weight::kRemark);
    CHECK(fault.message.find("Bytes of it are still in") != std::string::npos);
  }
}

// A reader that opened before finds no header of it: it is told so, or reads zeros.
void CheckHeaderGone(const ReadableStore& before, const File& file) {
  const auto header = before.ReadHeader({1});
  CHECK((!header || *header == Bytes(file.header.size(), 0)));
}

}  // namespace

PROMISE("destroyed: a sealed file that was destroyed can be read by nobody, and nothing else is touched") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 4));
  log.Reseal(*store, {1, 2});
  CHECK(Unwrap(store->ReadRewrapped({1}, {4})) == Text("header 1 under 4"));
  const auto before = Unwrap(place.OpenForReading());
  log.Shred(*store, {1});
  REQUIRE_OK(store->DestroySealedFile({1}));
  SECTION("once") {}
  SECTION("twice") { REQUIRE_OK(store->DestroySealedFile({1})); }
  SECTION("where there is none") { REQUIRE_OK(store->DestroySealedFile({4})); }
  SECTION("and its headers after it") { REQUIRE_OK(store->DestroyHeaders({1}, {4})); }
  const auto check = [](const ReadableStore& seen) {
    CHECK_FAILS(seen.FindPlace({1}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.FindPlace({1}, {4}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadHeader({1}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadRewrapped({1}, {4}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadLayout({1}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadPayload({1}, {0, 1}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadBlockHashes({1}), ErrorCode::kNotFound, "destroyed");
    CHECK(Unwrap(seen.ReadEntry({1})) == EntryOf(1));
    CHECK(TextOf(Unwrap(seen.ReadAct(0, {1}))) == "act 1");
    for (const std::uint64_t other : std::array<std::uint64_t, 3>{0, 2, 3})
      CHECK(IsWhole(seen, File::Of(other), other));
    CHECK(Unwrap(seen.ReadRewrapped({2}, {4})) == Text("header 2 under 4"));
    CheckMediumIsWhole(seen);
  };
  check(*store);
  check(*Unwrap(place.OpenForReading()));
  if constexpr (TestType::kOverwrites) {
    // A reader that knows where it was finds nothing of it: neither a part of the content nor the header.
    const File gone = File::Of(1);
    const auto payload = before->ReadPayload({1}, {0, gone.payload.size()});
    for (std::size_t i = 0; payload && i < payload->size(); ++i) CHECK((*payload)[i] != gone.payload[i]);
    CheckHeaderGone(*before, gone);
  }
  place.Crash();
  check(*Unwrap(place.Open()));
}

PROMISE("destroyed: of headers that were destroyed the later ones stay, and the payload") {
  TestType place;
  const auto store = Unwrap(place.Create());
  Log log;
  REQUIRE_OK(log.AppendSealed(*store, 4));
  log.Reseal(*store, {1, 2});
  const auto before = Unwrap(place.OpenForReading());
  log.Reseal(*store, {1}, Log::Earlier::kGo);
  log.Reseal(*store, {1});
  REQUIRE_OK(store->DestroyHeaders({1}, {5}));
  SECTION("once") {}
  SECTION("twice") { REQUIRE_OK(store->DestroyHeaders({1}, {5})); }
  SECTION("where there is none") { REQUIRE_OK(store->DestroyHeaders({4}, {5})); }
  const auto check = [](const ReadableStore& seen) {
    const File file = File::Of(1);
    CHECK_FAILS(seen.ReadHeader({1}), ErrorCode::kNotFound, "destroyed");
    CHECK_FAILS(seen.ReadRewrapped({1}, {4}), ErrorCode::kNotFound, "destroyed");
    CHECK(Unwrap(seen.ReadRewrapped({1}, {5})) == Text("header 1 under 5"));
    CHECK(Unwrap(seen.ReadRewrapped({1}, {6})) == Text("header 1 under 6"));
    CHECK((Unwrap(seen.FindPlace({1})).header == SealedPlace::Header::kDestroyed));
    CHECK(TextOf(Unwrap(seen.ReadLayout({1}))) == file.layout);
    CHECK(Unwrap(seen.ReadPayload({1}, {0, file.payload.size()})) == file.payload);
    CHECK(Unwrap(seen.ReadBlockHashes({1})) == file.AllHashes());
    for (const std::uint64_t other : std::array<std::uint64_t, 3>{0, 2, 3})
      CHECK(IsWhole(seen, File::Of(other), other));
    CHECK(Unwrap(seen.ReadRewrapped({2}, {4})) == Text("header 2 under 4"));
    CheckMediumIsWhole(seen);
  };
  check(*store);
  check(*Unwrap(place.OpenForReading()));
  if constexpr (TestType::kOverwrites) CheckHeaderGone(*before, File::Of(1));
  place.Crash();
  const auto next = Unwrap(place.Open());
  check(*next);
  // What is left of it can be destroyed too.
  log.Shred(*next, {1});
  REQUIRE_OK(next->DestroySealedFile({1}));
  for (const std::uint64_t under : std::array<std::uint64_t, 3>{4, 5, 6})
    CHECK_FAILS(next->ReadRewrapped({1}, {under}), ErrorCode::kNotFound, "destroyed");
  CHECK_FAILS(next->ReadPayload({1}, {0, 1}), ErrorCode::kNotFound, "destroyed");
}

}  // namespace exhibit::testing

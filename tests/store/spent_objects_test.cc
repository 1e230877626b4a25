// Goal: what shares an object with something that is destroyed is placed anew and stays; an object that nothing is used of is
// named, and is not taken for spent while something of it is; nothing is deleted on the word of a commit.
// Method: the log of the conformance suite over buckets in memory, and objects that are damaged, gone or said to be elsewhere.
#include "vault/store/spent_objects.h"

#include <algorithm>

#include "tests/store/conformance_log.h"
#include "vault/store/lock_survey.h"
#include "vault/store/object_medium.h"

namespace exhibit::testing {
namespace {

// Four entries with sealed files in one object each for payloads and headers, and one more commit of two.
struct SharedObjects : ObjectPlace {
  SharedObjects() : ObjectPlace(RequestFault::kLost) {
    written = Unwrap(Create());
    REQUIRE_OK(log.AppendSealed(*written, 4));
    REQUIRE_OK(log.AppendSealed(*written, 2));
    first = Packs();
  }
  std::vector<std::string> Packs() {
    std::vector<std::string> packs = objects().Keys("data");
    std::erase_if(packs, [](const std::string& key) { return !key.starts_with("pay/") && !key.starts_with("hdr/"); });
    return packs;
  }
  const store::ObjectLog& Look() {
    fresh = std::make_unique<store::ObjectLog>(store::VaultObjects(Buckets(), {.in_all = std::chrono::milliseconds(1)}),
                                               machine.path() / std::to_string(++looks));
    std::filesystem::create_directories(machine.path() / std::to_string(looks));
    REQUIRE_OK(fresh->CatchUp());
    return *fresh;
  }
  store::VaultBuckets Buckets() {
    const auto place = objects_;
    return {std::make_shared<MemoryBucket>(place, "log", MemoryBucket::Kind::kPlain),
            std::make_shared<MemoryBucket>(place, "data", MemoryBucket::Kind::kLocking)};
  }
  void CheckAllBut(std::uint64_t shredded) {
    for (std::uint64_t at = 0; at < 6; ++at) {
      if (at != shredded) CHECK(IsWhole(*written, File::Of(at), at));
    }
  }
  // The object of payloads that holds entry 1.
  std::string PackOfOne() {
    for (const std::string& key : Packs()) {
      const auto extents = Unwrap(written->FindPlace({1})).extents;
      for (const store::Extent& extent : extents) {
        if (key == KeyOf(store::NamedObject{store::NamedObject::Kind::kPayload, extent.pack, 0, {}, {}})) return key;
      }
    }
    FAIL("entry 1 has no payload");
    return {};
  }

  TemporaryFolder machine;
  int looks = 0;
  std::unique_ptr<Store> written;
  std::unique_ptr<store::ObjectLog> fresh;
  Log log;
  std::vector<std::string> first;  // before anything was destroyed
};

std::vector<std::string> KeysOf(const std::vector<store::SpentObject>& objects) {
  std::vector<std::string> keys;
  for (const store::SpentObject& one : objects) keys.push_back(KeyOf(one.object));
  std::ranges::sort(keys);
  return keys;
}

}  // namespace

TEST_CASE_METHOD(SharedObjects, "what lies with something that is shredded is placed anew, and the object is spent",
                 "[store][object]") {
  CHECK(store::FindSpent(Look()).objects.empty());
  log.Shred(*written, {1});
  CheckAllBut(1);
  const store::Spent spent = store::FindSpent(Look());
  REQUIRE(spent.objects.size() == 2);
  CHECK(spent.shared.empty());
  CHECK(spent.objects[0].holds.files == std::vector<tlog::Sequence>{{1}});
  CHECK(spent.objects[0].holds.Text() == "the sealed file of entry 1");
  CHECK(Packs().size() == first.size() + 2);
  for (const std::string& key : KeysOf(spent.objects)) CHECK(std::ranges::find(first, key) != first.end());
  for (const store::SpentObject& one : spent.objects) REQUIRE_OK(store::CheckPlacedAnew(Look(), one.object));
  // Nothing of what stays needs them.
  for (const std::string& key : KeysOf(spent.objects)) objects().Remove("data", key);
  written = Unwrap(Open());
  CheckAllBut(1);
  const auto seen = Unwrap(store::LookAtSpent(Look()));
  CHECK(seen.gone == 2);
  CHECK(seen.there == 0);
}

TEST_CASE_METHOD(SharedObjects, "of an object whose items are all shredded nothing is placed anew", "[store][object]") {
  log.Shred(*written, {4, 5});
  CHECK(Packs().size() == first.size());
  CHECK(store::FindSpent(Look()).objects.size() == 2);
  log.Shred(*written, {0, 1, 2});
  CHECK(store::FindSpent(Look()).objects.size() == 4);
  CHECK(IsWhole(*written, File::Of(3), 3));
}

TEST_CASE_METHOD(SharedObjects, "an object that is damaged or gone is left as it is, and is not spent",
                 "[store][object]") {
  const std::string pack = PackOfOne();
  const bool is_gone = GENERATE(true, false);
  if (is_gone) {
    objects().Remove("data", pack);
  } else {
    objects().Overwrite("data", pack, Bytes(20'000, 9));
  }
  log.Shred(*written, {1});
  CHECK_FAILS(written->FindPlace({1}), ErrorCode::kNotFound, "destroyed");
  const store::Spent spent = store::FindSpent(Look());
  CHECK(spent.objects.size() == 1);  // the headers
  REQUIRE(spent.shared.size() == 1);
  CHECK(KeyOf(spent.shared[0].object) == pack);
  CHECK(Unwrap(written->ReadHeader({2})) == File::Of(2).header);
  const auto faults = Unwrap(store::CheckObjects(Look()));
  CHECK(std::ranges::any_of(faults, [](const verify::MediumFault& fault) {
    return fault.message.find("could not be read as it was put") != std::string::npos;
  }));
}

TEST_CASE_METHOD(SharedObjects, "headers that are destroyed go, and their items' hashes are placed anew",
                 "[store][object]") {
  log.Reseal(*written, {1, 2}, Log::Earlier::kGo);
  const store::Spent spent = store::FindSpent(Look());
  REQUIRE(spent.objects.size() == 1);
  CHECK(spent.objects[0].holds.Text() == "earlier headers of entries 1-2");
  objects().Remove("data", KeyOf(spent.objects[0].object));
  written = Unwrap(Open());
  CHECK(IsWhole(*written, File::Of(0), 0));
  CHECK(IsWhole(*written, File::Of(3), 3));
  CHECK(Unwrap(written->ReadBlockHashes({1})) == File::Of(1).AllHashes());
  CHECK_FAILS(written->ReadHeader({1}), ErrorCode::kNotFound, "destroyed");
  CHECK(Unwrap(written->ReadRewrapped({1}, {6})) == Text("header 1 under 6"));
}

TEST_CASE_METHOD(SharedObjects, "what is not the same where the log says that it is now is named", "[store][object]") {
  log.Shred(*written, {1});
  const auto spent = store::FindSpent(Look()).objects;
  std::vector<std::string> made = Packs();
  std::erase_if(made, [&](const std::string& key) { return std::ranges::find(first, key) != first.end(); });
  REQUIRE(made.size() == 2);
  const bool is_gone = GENERATE(true, false);
  for (const std::string& key : made) {
    if (is_gone) {
      objects().Remove("data", key);
    } else {
      objects().Overwrite("data", key, Bytes(20'000, 9));
    }
  }
  for (const store::SpentObject& one : spent) {
    CHECK_FAILS(store::CheckPlacedAnew(Look(), one.object), ErrorCode::kTampered, "is not the same where the log says");
  }
}

TEST_CASE_METHOD(SharedObjects, "until when it stays is seen, and some locks are of what is used alone",
                 "[store][object]") {
  log.Shred(*written, {1});
  auto seen = Unwrap(store::LookAtSpent(Look()));
  CHECK((seen.objects == 2 && seen.there == 2 && seen.ended == 0));
  REQUIRE(seen.until);
  CHECK(*seen.until > Now());
  for (const std::string& key : first) objects().Age("data", key, 11);
  seen = Unwrap(store::LookAtSpent(Look()));
  CHECK(seen.ended == 2);
  const auto some = Unwrap(store::LookAtSomeLocks(Look()));
  CHECK(some.seen.lapsed == 2);  // those of the other commit
}

TEST_CASE_METHOD(SharedObjects, "a commit that is not under a head yet makes nothing spent", "[store][object]") {
  log.Shred(*written, {1});
  const store::ObjectLog& seen = Look();
  seen.NoteAcknowledged({6});
  CHECK(store::FindSpent(seen).objects.empty());
  seen.NoteAcknowledged({7});
  CHECK(store::FindSpent(seen).objects.size() == 2);
}

}  // namespace exhibit::testing

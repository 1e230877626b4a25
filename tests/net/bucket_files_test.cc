// Goal: a file in a bucket is there once, whatever becomes of requests, and what others put over it is not read.
// Method: buckets in memory, of both kinds, that lose, repeat and refuse requests.
#include "vault/net/bucket_files.h"

#include "tests/support/check.h"
#include "tests/support/memory_objects.h"
#include "vault/net/bucket_log.h"

namespace exhibit::testing {
namespace {

using std::chrono::milliseconds;

struct BucketFixture {
  net::BucketFiles Files(MemoryBucket::Kind kind, milliseconds in_all = milliseconds(50)) const {
    return {std::make_shared<MemoryBucket>(objects, "one", kind),
            {.in_all = in_all, .first_pause = milliseconds(1), .longest_pause = milliseconds(2)}};
  }
  std::shared_ptr<const net::BucketFiles> Shared(MemoryBucket::Kind kind) const {
    return std::make_shared<const net::BucketFiles>(Files(kind));
  }
  // The first request of this kind goes so.
  void FailOnce(std::string_view call, RequestFault fault) {
    objects->Choose([call, fault, is_done = false](std::string_view asked, auto, auto) mutable {
      if (asked != call || is_done) return RequestFault::kNone;
      is_done = true;
      return fault;
    });
  }
  std::shared_ptr<MemoryPlaceOfObjects> objects = std::make_shared<MemoryPlaceOfObjects>();
};

constexpr auto kPlain = MemoryBucket::Kind::kPlain;
constexpr auto kLocking = MemoryBucket::Kind::kLocking;

}  // namespace

TEST_CASE_METHOD(BucketFixture, "a file is created once, whatever becomes of the request", "[net][object]") {
  const auto fault = GENERATE(RequestFault::kNone, RequestFault::kLost, RequestFault::kReplyLost,
                              RequestFault::kRefused, RequestFault::kDelayed, RequestFault::kTwice);
  const auto kind = GENERATE(kPlain, kLocking);
  const auto files = Files(kind);
  FailOnce("create", fault);
  // Of a plain bucket, the second of two requests for one name is told that it is there: it came of the first.
  if (fault == RequestFault::kTwice && kind == kPlain) {
    CHECK_FAILS(files.Create("a", ViewOf("one")), ErrorCode::kExists, "412");
  } else {
    REQUIRE_OK(files.Create("a", ViewOf("one")));
  }
  objects->Deliver();
  CHECK(TextOf(Unwrap(files.Read({"a"}, 10))) == "one");
  CHECK(Unwrap(files.List(10)).size() == 1);
}

TEST_CASE_METHOD(BucketFixture, "a name that another has taken is refused", "[net][object]") {
  const auto files = Files(kPlain);
  REQUIRE_OK(files.Create("a", ViewOf("one")));
  CHECK_FAILS(files.Create("a", ViewOf("two")), ErrorCode::kExists, "412");
  CHECK(TextOf(Unwrap(files.Read({"a"}, 10))) == "one");
}

TEST_CASE_METHOD(BucketFixture, "a store that never answers is given up, and one that refuses is not asked again",
                 "[net][object]") {
  const auto files = Files(kPlain, milliseconds(5));
  objects->Choose([](auto, auto, auto) { return RequestFault::kLost; });
  CHECK_FAILS(files.Create("a", ViewOf("one")), ErrorCode::kIo, "no answer");
  objects->Choose([](auto, auto, auto) { return RequestFault::kSaysExists; });
  const std::size_t before = objects->requests();
  CHECK_FAILS(files.Create("a", ViewOf("one")), ErrorCode::kExists, "412");
  CHECK(objects->requests() == before + 1);
}

TEST_CASE_METHOD(BucketFixture, "of what was put under one name the first is listed, with what became of it",
                 "[net][object]") {
  MemoryBucket bucket(objects, "one", kLocking);
  const auto files = Files(kLocking);
  for (const std::string name : {"a", "b", "c", "d"}) {
    REQUIRE_OK(files.Create(name, ViewOf(name + " first")));
    if (name != "c") REQUIRE_OK(files.Replace(name, ViewOf("over it")));
  }
  REQUIRE_OK(bucket.Delete({"a"}));
  const auto listed = Unwrap(files.List(10));
  REQUIRE(listed.size() == 4);
  for (const net::BucketFile& file : listed) {
    CAPTURE(file.name.key);
    CHECK(TextOf(Unwrap(files.Read(file.name, 100))) == file.name.key + " first");
    CHECK(TextOf(Unwrap(files.ReadRange(file.name, {2, 5}))) == "first");
    CHECK(file.bytes == 7);
    CHECK(file.versions == (file.name.key == "c" ? 1 : 2));
    CHECK(file.is_hidden == (file.name.key == "a"));
  }
  CHECK_FAILS(files.List(6), ErrorCode::kInvalid, "more than 6 files");
  CHECK_FAILS(files.Read(listed.front().name, 3), ErrorCode::kInvalid, "longer");
}

TEST_CASE_METHOD(BucketFixture, "a published file is put once, and another one is never put over it", "[net][object]") {
  const auto kind = GENERATE(kPlain, kLocking);
  net::BucketPlace place(Shared(kind));
  CHECK(Unwrap(place.Write("tile/0/000", ViewOf("hashes"))) == publish::PublishedPlace::Wrote::kNow);
  CHECK(Unwrap(place.Write("tile/0/000", ViewOf("hashes"))) == publish::PublishedPlace::Wrote::kBefore);
  CHECK_FAILS(place.Write("tile/0/000", ViewOf("others")), ErrorCode::kTampered, "other bytes");
  CHECK(TextOf(Unwrap(net::BucketLogFiles(Shared(kind)).Read("tile/0/000", 10))) == "hashes");
  CHECK(Unwrap(Files(kind).List(10)).front().versions == 1);
}

TEST_CASE_METHOD(BucketFixture, "a checkpoint that somebody else replaced meanwhile is left as it is",
                 "[net][object]") {
  const auto kind = GENERATE(kPlain, kLocking);
  net::BucketPlace first(Shared(kind));
  net::BucketPlace second(Shared(kind));
  CHECK_FALSE(Unwrap(first.ReadCheckpoint()));
  CHECK_FALSE(Unwrap(second.ReadCheckpoint()));
  REQUIRE_OK(second.ReplaceCheckpoint(ViewOf("newer")));
  CHECK_FAILS(first.ReplaceCheckpoint(ViewOf("older")), ErrorCode::kBusy, "replaced meanwhile");
  CHECK(TextOf(Unwrap(net::BucketLogFiles(Shared(kind)).Read("checkpoint", 10))) == "newer");
}

TEST_CASE_METHOD(BucketFixture, "a published file that cannot be read says nothing of the log", "[net][object]") {
  const net::BucketLogFiles files(Shared(kPlain));
  CHECK_FAILS(files.Read("checkpoint", 10), ErrorCode::kNotFound, "404");
  REQUIRE_OK(Files(kPlain).Create("checkpoint", ViewOf("longer than it may be")));
  CHECK_FAILS(files.Read("checkpoint", 10), ErrorCode::kInvalid, "longer");
  objects->Choose([](auto, auto, auto) { return RequestFault::kLost; });
  CHECK_FAILS(files.Read("checkpoint", 10), ErrorCode::kIo, "no answer");
}

}  // namespace exhibit::testing

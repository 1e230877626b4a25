// Goal: what was put is read back whole before anybody relies on it, however large it is, by one request.
// Method: buckets in memory, and one that gives back other bytes than it was given.
#include "vault/store/vault_objects.h"

#include "tests/support/check.h"
#include "tests/support/memory_objects.h"

namespace exhibit::testing {
namespace {

using store::NamedObject;

struct Objects {
  store::VaultObjects Open() const {
    store::VaultObjects objects({std::make_shared<MemoryBucket>(place, "log", MemoryBucket::Kind::kPlain),
                                 std::make_shared<MemoryBucket>(place, "data", MemoryBucket::Kind::kLocking)},
                                {.in_all = std::chrono::milliseconds(1), .first_pause = std::chrono::milliseconds(1)});
    objects.Use({.log_lock_days = 30, .payload_lock_days = 10, .weak = {}, .other = {}});
    return objects;
  }
  std::shared_ptr<MemoryPlaceOfObjects> place = std::make_shared<MemoryPlaceOfObjects>();
};

Bytes Pattern(std::size_t bytes) {
  Bytes pattern(bytes);
  for (std::size_t i = 0; i < bytes; ++i) pattern[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return pattern;
}

}  // namespace

TEST_CASE("a pack is read back by one request", "[store][object]") {
  Objects there;
  const store::VaultObjects objects = there.Open();
  const Bytes bytes = Pattern(GENERATE(std::size_t{1}, std::size_t{20} << 20));
  const NamedObject put = Unwrap(objects.PutPack(NamedObject::Kind::kPayload, 7, bytes));
  CHECK(put.bytes == bytes.size());
  CHECK(there.place->requests_by_call() == std::map<std::string, std::size_t>{{"put", 1}, {"get", 1}});
}

TEST_CASE("a pack that comes back otherwise is no pack", "[store][object]") {
  const std::size_t size = 100;
  const std::size_t wrong = GENERATE(std::size_t{0}, std::size_t{50}, std::size_t{99});
  class Changing final : public PassingBucket {
   public:
    Changing(std::shared_ptr<net::ObjectStore> bucket, std::size_t at) : PassingBucket(std::move(bucket)), at_(at) {}
    Result<std::string> PutObject(const Put& put) override {
      Bytes bytes = ToBytes(put.bytes);
      bytes[at_] ^= 1;
      return PassingBucket::PutObject({.key = put.key, .bytes = bytes, .when = put.when, .lock = put.lock});
    }

   private:
    std::size_t at_;
  };
  const auto place = std::make_shared<MemoryPlaceOfObjects>();
  store::VaultObjects objects(
      {std::make_shared<MemoryBucket>(place, "log", MemoryBucket::Kind::kPlain),
       std::make_shared<Changing>(std::make_shared<MemoryBucket>(place, "data", MemoryBucket::Kind::kLocking), wrong)},
      {.in_all = std::chrono::milliseconds(1), .first_pause = std::chrono::milliseconds(1)});
  objects.Use({.log_lock_days = 30, .payload_lock_days = 10, .weak = {}, .other = {}});
  CHECK_FAILS(objects.PutPack(NamedObject::Kind::kPayload, 7, Pattern(size)), ErrorCode::kTampered,
              "read back differs from what was written");
}

}  // namespace exhibit::testing

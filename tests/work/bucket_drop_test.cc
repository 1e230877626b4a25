// Goal: a collector that may only add brings all it sealed into the log once, whatever request goes wrong and wherever it ends.
// Method: a bucket in memory that is told when to fail; the collector's folder opened anew after it, as by the next run.
#include "vault/work/bucket_drop.h"

#include <algorithm>

#include "tests/support/memory_objects.h"
#include "tests/work/drop_fixture.h"
#include "vault/intake/drop_reader.h"
#include "vault/work/bucket_drop_files.h"

namespace exhibit::testing {
namespace {

struct BucketDropFixture : DropFixture {
  using Items = std::vector<std::pair<std::string, std::string>>;

  std::shared_ptr<const net::BucketFiles> Bucket() const {
    using std::chrono::milliseconds;
    return std::make_shared<const net::BucketFiles>(
        std::make_shared<MemoryBucket>(objects, "drops", MemoryBucket::Kind::kLocking),
        net::Patience{.in_all = milliseconds(0), .first_pause = milliseconds(1), .longest_pause = milliseconds(1)});
  }
  Result<std::unique_ptr<work::BucketDrop>> Open(const std::string& place = "s3://host/drops") {
    return work::BucketDrop::Open(OpenCollector(), stick(), Bucket(), place);
  }
  // One run; what ended it.
  Result<void> Run(const Items& items) {
    TRY(auto into, Open());
    return CollectInto(std::move(into), items);
  }
  Seen TakeInBucket() {
    work::BucketDropFiles files(Bucket());
    return TakeIn(*Unwrap(OpenWriter()), files);
  }
  std::vector<std::string> Left() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(stick())) {
      if (const std::string name = file.path().filename(); name.starts_with("journal.unsent")) names.push_back(name);
    }
    return names;
  }
  std::shared_ptr<MemoryPlaceOfObjects> objects = std::make_shared<MemoryPlaceOfObjects>();
};

bool IsHonest(const std::string& remark) {
  return remark.find("never finished") != std::string::npos ||
         remark.find("the first is looked at") != std::string::npos;
}

}  // namespace

TEST_CASE_METHOD(BucketDropFixture, "what is put into a bucket is taken in from there, and known by the next run",
                 "[drop][object]") {
  std::string large;
  for (std::uint64_t i = 0; large.size() < (17U << 20); ++i) large += HashOf(std::to_string(i));
  REQUIRE_OK(Run({{"a", "one"}, {"b", ""}, {"large", large}}));
  CHECK(Left().empty());
  const auto next = Unwrap(Open());
  CHECK(next->next().value == 4);
  CHECK(next->HeaderOf({1}).has_value());
  CHECK(next->HeaderOf({3}).has_value());
  CHECK_FALSE(next->HeaderOf({4}).has_value());
  // The end of that run is there, and nothing came after it.
  const std::size_t before = objects->requests();
  REQUIRE_OK(next->Close());
  CHECK(objects->requests() == before);
  const Seen seen = TakeInBucket();
  CHECK(seen.outcome.taken == 3);
  CHECK(seen.outcome.runs == 1);
  CHECK(seen.refused.empty());
  CHECK(seen.remarks.empty());
  CHECK(Cat({4}) == large);
  CheckWhole();
}

TEST_CASE_METHOD(BucketDropFixture, "of one place is not known what is in another", "[drop][object]") {
  REQUIRE_OK(Run({{"a", "one"}}));
  CHECK_FALSE(Unwrap(Open("s3://host/elsewhere"))->HeaderOf({1}).has_value());
}

TEST_CASE_METHOD(BucketDropFixture, "wherever a run ends, the next one leaves no number behind and nothing twice",
                 "[drop][object]") {
  const Items items = {{"a", "one"}, {"b", "two"}};
  const auto fault =
      GENERATE(RequestFault::kLost, RequestFault::kReplyLost, RequestFault::kSaysExists, RequestFault::kDelayed);
  CAPTURE(static_cast<int>(fault));
  std::size_t at = 0;
  for (bool was_reached = true; was_reached; ++at) {
    was_reached = false;
    objects->Choose([&, asked = std::size_t{0}](auto, auto, auto) mutable {
      if (asked++ != at) return RequestFault::kNone;
      was_reached = true;
      return fault;
    });
    const auto run = Run(items);
    CHECK(run.has_value() == !was_reached);
    objects->Heal();
    objects->Deliver();
    REQUIRE_OK(Run(items));
    CHECK(Left().empty());
    const Seen seen = TakeInBucket();
    CAPTURE(at);
    CHECK(seen.refused.empty());
    for (const std::string& remark : seen.remarks) CHECK((IsHonest(remark) ? "" : remark) == "");
  }
  CHECK(at >= 5);  // two sealed files, two statements, the end
  CheckWhole();
  CHECK(Verify(verify::Depth::kLog).remarks.empty());
}

TEST_CASE_METHOD(BucketDropFixture, "notes that are damaged cost a second copy, or are named", "[drop][object]") {
  REQUIRE_OK(Run({{"a", "one"}, {"b", "two"}}));
  const fs::path sent = stick() / "journal.sent";
  SECTION("a torn line of what was sent") {
    const std::string text = ReadText(sent);
    WriteText(sent, text.substr(0, text.size() - 30));
    CHECK(Unwrap(Open())->HeaderOf({1}).has_value());
    REQUIRE_OK(Run({{"c", "three"}}));
    CHECK(Unwrap(Open())->HeaderOf({3}).has_value());
  }
  SECTION("a foreign line") {
    WriteText(sent, "1 2 3\nx\n\n" + ReadText(sent));
    CHECK(Unwrap(Open())->HeaderOf({1}).has_value());
  }
  SECTION("statements that were kept") {
    WriteText(stick() / "journal.unsent-00", "s3://host/drops\nx/1-1.collected 99\nshort");
    CHECK_FAILS(Open(), ErrorCode::kInvalid, "it ends early");
    WriteText(stick() / "journal.unsent-00", "s3://host/drops\nx/1-1.collected 5\nshort");
    CHECK_FAILS(Open(), ErrorCode::kInvalid, "no layout line");
    WriteText(stick() / "journal.unsent-00", "s3://host/elsewhere\nx/1-1.collected 5\nshort");
    REQUIRE_OK(Open());
  }
}

TEST_CASE_METHOD(BucketDropFixture, "what lies in a bucket and is no drop is named", "[drop][object]") {
  work::BucketDropFiles empty(Bucket());
  CHECK_FAILS(empty.List(), ErrorCode::kNotFound, "there is nothing in");
  const auto bucket = Bucket();
  for (const std::string name : {"README", "0123456789abcdef/x", "0123/1a2b3c4d-1.collected",
                                 "0123456789abcdeF/1a2b3c4d-1.collected", "a/0123456789abcdef/1a2b3c4d-1.age"}) {
    REQUIRE_OK(bucket->Create(name, ViewOf("x")));
  }
  work::BucketDropFiles others(bucket);
  CHECK_FAILS(intake::ListDrop(others), ErrorCode::kInvalid, "is no drop: no collector wrote anything in it");
  REQUIRE_OK(bucket->Create("0123456789abcdef/1a2b3c4d-1.age", ViewOf("x")));
  const Seen seen = TakeInBucket();
  CHECK(seen.outcome.taken == 0);
  CHECK(seen.refused.empty());
  const auto has = [&](std::string_view words) {
    return std::ranges::count_if(seen.remarks,
                                 [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
  };
  CHECK(has("has no place in a drop") == 5);
  CHECK(has("was never finished") == 1);
  CHECK_FAILS(empty.SizeOf("README"), ErrorCode::kNotFound, "not in the drop");
}

}  // namespace exhibit::testing

// Goal: whatever a network does to whichever request, on however many machines: what was acknowledged is there, once, and
// nothing is there in part.
// Method: machines with folders of their own over buckets in memory, which lose, delay, repeat and refuse requests. After
// each, a machine that knows nothing reads the whole log.
#include <random>
#include <set>
#include <thread>

#include "tests/store/stored_log.h"
#include "tests/support/memory_objects.h"
#include "vault/store/object_engine.h"

namespace exhibit::testing {
namespace {

using std::chrono::milliseconds;

// One machine, in a process at a time.
struct Machine {
  std::filesystem::path folder;
  std::vector<store::HeadFile> heads{store::HeadFile(folder / "HEAD")};
};

struct SharedLog : StoredLog {
  SharedLog() {
    first = NewMachine();
    const auto store = Unwrap(Engine().Create(first.folder / "store"));
    REQUIRE_OK(store::Appender::Begin(*store, genesis, genesis_file, {log_keys}, first.heads));
  }

  store::ObjectEngine Engine(milliseconds patience = milliseconds(400)) const {
    const auto bucket = [&](std::string name, MemoryBucket::Kind kind) {
      return std::make_shared<MemoryBucket>(objects, std::move(name), kind);
    };
    return store::ObjectEngine(
        {bucket("log", MemoryBucket::Kind::kPlain), bucket("data", MemoryBucket::Kind::kLocking)},
        {.in_all = patience, .first_pause = milliseconds(1), .longest_pause = milliseconds(2)},
        {.log_lock_days = 30, .payload_lock_days = 10, .weak = {}, .other = {}});
  }
  Machine NewMachine() {
    Machine machine{folder.path() / ("machine-" + std::to_string(++machines))};
    std::filesystem::create_directories(machine.folder / "store");
    return machine;
  }
  // A writer as a command opens it: refreshed, then what is left undecided is ended.
  Result<Writer> OpenOn(const Machine& machine, milliseconds patience = milliseconds(400)) {
    const store::ObjectEngine engine = Engine(patience);
    TRY_VOID(engine.Refresh(machine.folder / "store", machine.heads.front()));
    TRY(auto store, engine.Open(machine.folder / "store"));
    return OpenStore(std::move(store), machine.heads);
  }
  static Result<store::Committed> Add(Writer& writer, const std::string& text) {
    return writer.appender->Commit(Group(writer.appender->sealer(), {text}), nullptr);
  }

  // The names of all items that a machine sees which knew nothing, in the order of the log; each is whole.
  std::vector<std::string> Items() {
    const Machine fresh = NewMachine();
    const store::ObjectEngine engine = Engine();
    REQUIRE_OK(engine.Refresh(fresh.folder / "store", fresh.heads.front()));
    const auto store = Unwrap(engine.OpenForReading(fresh.folder / "store"));
    std::vector<std::string> names;
    for (std::uint64_t at = 1; at < Unwrap(store->CountEntries()).value; ++at) {
      const auto fields = Unwrap(FieldsAt(*store, at, vault_key));
      names.push_back(*fields.Find("name")->Text());
    }
    return names;
  }
  static bool IsOnce(const std::vector<std::string>& items) {
    return std::set<std::string>(items.begin(), items.end()).size() == items.size();
  }

  std::shared_ptr<MemoryPlaceOfObjects> objects = std::make_shared<MemoryPlaceOfObjects>();
  int machines = 0;
  Machine first;
};

constexpr std::array kFaults = {RequestFault::kLost,       RequestFault::kReplyLost, RequestFault::kRefused,
                                RequestFault::kSaysExists, RequestFault::kDelayed,   RequestFault::kTwice};

bool Has(const std::vector<std::string>& items, std::string_view item) {
  return std::ranges::find(items, item) != items.end();
}

}  // namespace

TEST_CASE_METHOD(SharedLog, "who comes second goes after the first, with the same sealed file and another entry",
                 "[store][object]") {
  const Machine second = NewMachine();
  Writer one = Unwrap(OpenOn(first));
  Writer two = Unwrap(OpenOn(second));
  CHECK(Unwrap(Add(one, "a")).first.value == 1);
  CHECK(Unwrap(Add(two, "b")).first.value == 2);
  CHECK(Unwrap(Add(one, "c")).first.value == 3);
  CHECK(Items() == std::vector<std::string>{"a", "b", "c"});
  // Each kept the head of what it committed last.
  const auto note = Unwrap(second.heads.front().Read());
  CHECK(Unwrap(tlog::DecodeCheckpoint(Unwrap(tlog::SignedNote::Parse(*note)).text())).size.value == 3);
}

TEST_CASE_METHOD(SharedLog, "the law is asked again after a lost race", "[store][object]") {
  const Machine second = NewMachine();
  Writer one = Unwrap(OpenOn(first));
  REQUIRE_OK(Add(one, "a"));
  Writer two = Unwrap(OpenOn(second));
  const auto hold = [] { return custody::Hold{Unwrap(custody::ItemSet::Parse("1"))}; };
  REQUIRE_OK(one.appender->CommitAct({hold(), {{"authority", "a court"}, {"reason", "an order"}}, {}}));
  // Of two who let the same hold go, the second is told that there is none any more.
  Writer three = Unwrap(OpenOn(NewMachine()));
  const auto release = [&](Writer& writer) {
    return writer.appender->CommitAct(
        {custody::Release{{2}, Unwrap(custody::ItemSet::Parse("1"))}, {{"reason", "over"}}, {}});
  };
  REQUIRE_OK(release(one));
  const auto late = release(three);
  REQUIRE_FALSE(late);
  CHECK((late.error().code == ErrorCode::kInvalid || late.error().code == ErrorCode::kDenied));
  REQUIRE_OK(Add(two, "b"));
}

TEST_CASE_METHOD(SharedLog, "each request of an add fails once in each way, and what was acknowledged is there once",
                 "[store][object]") {
  std::vector<std::string> acknowledged;
  int tried = 0;
  for (const RequestFault fault : kFaults) {
    bool came = true;
    for (std::size_t at = 0; came; ++at) {
      came = false;
      std::size_t left = at;
      objects->Choose([&](std::string_view, std::string_view, std::string_view) {
        if (left-- != 0) return RequestFault::kNone;
        came = true;
        return fault;
      });
      const std::string name = std::to_string(static_cast<int>(fault)) + "-" + std::to_string(at);
      auto writer = OpenOn(first);
      const bool is_added = writer && Add(*writer, name);
      objects->Heal();
      objects->Deliver();
      if (is_added) acknowledged.push_back(name);
      ++tried;
      if (at % 4 != 0 && came) continue;  // reading it all takes a while
      const auto items = Items();
      CAPTURE(name);
      CHECK(IsOnce(items));
      for (const std::string& item : acknowledged) CHECK(Has(items, item));
    }
  }
  CHECK(tried > 60);
  Unwrap(OpenOn(first));
  const auto items = Items();
  CHECK(IsOnce(items));
  for (const std::string& item : acknowledged) CHECK(Has(items, item));
}

TEST_CASE_METHOD(SharedLog, "an answer that never comes leaves a journal, and the next command ends it",
                 "[store][object]") {
  Writer writer = Unwrap(OpenOn(first, milliseconds(10)));
  const RequestFault fault = GENERATE(RequestFault::kLost, RequestFault::kReplyLost, RequestFault::kDelayed);
  objects->Choose([fault](std::string_view call, std::string_view bucket, std::string_view key) {
    if (bucket != "log" || !key.starts_with("log/")) return RequestFault::kNone;
    return call == "create" ? fault : RequestFault::kLost;
  });
  CHECK_FAILS(Add(writer, "a"), ErrorCode::kIo, "append to the log");
  CHECK(std::filesystem::exists(first.folder / "store" / "journal"));
  objects->Heal();
  SECTION("it comes late, after another one") {
    Writer other = Unwrap(OpenOn(NewMachine()));
    REQUIRE_OK(Add(other, "b"));
    objects->Deliver();
    Unwrap(OpenOn(first));
    const auto items = Items();
    // It was there before, or it never is.
    CHECK((items == std::vector<std::string>{"b"} || items == std::vector<std::string>{"a", "b"}));
  }
  SECTION("the next command on this machine sends the same bytes") {
    Writer next = Unwrap(OpenOn(first));
    objects->Deliver();
    REQUIRE_OK(Add(next, "b"));
    CHECK(Items() == std::vector<std::string>{"a", "b"});
  }
  CHECK_FALSE(std::filesystem::exists(first.folder / "store" / "journal"));
}

TEST_CASE_METHOD(SharedLog, "machines race over a network that fails, and nothing is lost or there twice",
                 "[store][object]") {
  std::mt19937 random(20261130);
  std::mutex mutex;
  constexpr int kMachines = 4;
  constexpr int kEach = 5;
  objects->Choose([&](std::string_view, std::string_view, std::string_view) {
    const std::lock_guard lock(mutex);
    const auto number = random() % 100;
    return number < kFaults.size() ? kFaults.at(number) : RequestFault::kNone;
  });
  std::vector<Machine> racing;
  for (int i = 0; i < kMachines; ++i) racing.push_back(NewMachine());
  std::vector<std::string> acknowledged;
  std::vector<std::thread> threads;
  for (int i = 0; i < kMachines; ++i) {
    threads.emplace_back([&, i] {
      for (int item = 0; item < kEach; ++item) {
        const std::string name = std::to_string(i) + "-" + std::to_string(item);
        auto writer = OpenOn(racing[static_cast<std::size_t>(i)]);
        if (!writer || !Add(*writer, name)) continue;
        const std::lock_guard lock(mutex);
        acknowledged.push_back(name);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  objects->Heal();
  objects->Deliver();
  for (const Machine& machine : racing) Unwrap(OpenOn(machine));
  const auto items = Items();
  CHECK(acknowledged.size() > kMachines * kEach / 2);
  CHECK(IsOnce(items));
  for (const std::string& item : acknowledged) CHECK(Has(items, item));
}

TEST_CASE_METHOD(SharedLog, "a commit that was deleted is missed, and its number is not taken again",
                 "[store][object]") {
  {
    Writer writer = Unwrap(OpenOn(first));
    REQUIRE_OK(Add(writer, "a"));
    REQUIRE_OK(Add(writer, "b"));
  }
  Writer late = Unwrap(OpenOn(first));
  objects->Remove("log", store::KeyOfCommit(2));
  CHECK_FAILS(OpenOn(NewMachine()), ErrorCode::kTampered, "is gone");
  REQUIRE_OK(Add(late, "c"));  // it knows the commit, and goes on after it
  const auto faults = Unwrap(late.store->CheckMedium());
  REQUIRE_FALSE(faults.empty());
  CHECK(faults.front().message.find("is gone") != std::string::npos);
}

TEST_CASE_METHOD(SharedLog, "a cache that does not match is dropped and read again, and that is said",
                 "[store][object]") {
  Writer writer = Unwrap(OpenOn(first));
  REQUIRE_OK(Add(writer, "a"));
  const auto cached = first.folder / "store/log/000/000/001.commit";
  REQUIRE(std::filesystem::exists(cached));
  SECTION("damaged") { std::filesystem::resize_file(cached, 40); }
  SECTION("of another log") {
    std::filesystem::copy_file(first.folder / "store/log/000/000/000.commit", cached,
                               std::filesystem::copy_options::overwrite_existing);
  }
  const store::ObjectEngine engine = Engine();
  REQUIRE_OK(engine.Refresh(first.folder / "store", first.heads.front()));
  const auto remarks = engine.TakeRemarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().find("was dropped and is read again") != std::string::npos);
  CHECK(Unwrap(Unwrap(engine.OpenForReading(first.folder / "store"))->CountEntries()).value == 2);
  CHECK(engine.TakeRemarks().empty());
}

TEST_CASE_METHOD(SharedLog, "a lock that is not there is noticed before anything is acknowledged", "[store][object]") {
  Writer writer = Unwrap(OpenOn(first));
  class Unlocking final : public PassingBucket {
   public:
    using PassingBucket::PassingBucket;
    Result<std::string> PutObject(const Put& put) override {
      return PassingBucket::PutObject({.key = put.key, .bytes = put.bytes, .when = put.when});
    }
  };
  const store::ObjectEngine engine(
      {std::make_shared<MemoryBucket>(objects, "log", MemoryBucket::Kind::kPlain),
       std::make_shared<Unlocking>(std::make_shared<MemoryBucket>(objects, "data", MemoryBucket::Kind::kLocking))},
      {.in_all = milliseconds(50)});
  auto unlocked = Unwrap(OpenStore(Unwrap(engine.Open(first.folder / "store")), first.heads));
  CHECK_FAILS(Add(unlocked, "a"), ErrorCode::kTampered, "without the lock");
  CHECK(Items().empty());
}

TEST_CASE_METHOD(SharedLog, "an act takes few requests", "[store][object]") {
  Writer writer = Unwrap(OpenOn(first));
  REQUIRE_OK(Add(writer, "first"));
  const std::size_t before = objects->requests();
  REQUIRE_OK(Add(writer, "a"));
  // Two packs, each put and read back; one look for a copy; the commit, created and read back; its copy, put and read back;
  // one look for a head; the head, put and read back. docs/PERFORMANCE.md says so.
  CHECK(objects->requests() - before == 12);
  const std::size_t opening = objects->requests();
  Unwrap(OpenOn(first));
  CHECK(objects->requests() - opening <= 8);
}

}  // namespace exhibit::testing

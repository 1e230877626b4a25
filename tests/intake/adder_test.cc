// Goal: a file that changes while it is read is evidence of what it was, and never less; a stream that is cut is kept or
// leaves no trace, as was asked; what was not taken in is recorded. Method: inputs that change the file at each opening, as
// a busy machine does, and pipes that end before their time.
#include "vault/intake/adder.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <thread>

#include "tests/support/intake_input.h"
#include "tests/support/vault_fixture.h"
#include "vault/seal/plaintext.h"
#include "vault/work/add.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::InputOf;
using testing::ReadText;
using testing::Unwrap;
using testing::VaultFixture;
using testing::WriteText;

class Adding : public VaultFixture {
 protected:
  struct Outcome {
    std::vector<Added> added;
    std::vector<Refused> refused;
    Result<Adder::Outcome> finished;
  };
  Outcome AddEach(std::vector<Input> inputs, Adder::Options options = {}) {
    std::vector<Added> added;
    std::vector<Refused> refused;
    Adder adder(
        std::make_unique<work::VaultDestination>(Unwrap(OpenWriter())), pool(), std::move(options),
        [&](const Added& one) { added.push_back(one); }, [&](const Refused& one) { refused.push_back(one); });
    for (Input& input : inputs) REQUIRE_OK(adder.Add(std::move(input)));
    auto finished = adder.Finish();
    return {std::move(added), std::move(refused), std::move(finished)};
  }

  // Takes in the file; `at_open` is called after each opening, with its number from 0. Gives what was taken in.
  custody::ItemFacts AddChanging(
      const fs::path& file, std::uint64_t size_hint, std::function<void(int)> at_open,
      std::function<void(int)> before_open = [](int) {}) {
    Input input = InputOf(file);
    input.size_hint = size_hint;
    input.open = [=, open = input.open, opened = std::make_shared<int>(0)]() -> Result<FileSource> {
      before_open(*opened);
      auto source = open();
      at_open((*opened)++);
      return source;
    };
    const Outcome outcome = AddEach({std::move(input)});
    REQUIRE(outcome.added.size() == 1);
    return outcome.added[0].facts;
  }
  static void AppendTo(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary | std::ios::app).write(text.data(), static_cast<std::streamsize>(text.size()));
  }

  // A stream in which this text comes, and then nothing for ever, or its end.
  Input Stream(std::string_view text, const std::atomic<bool>* interrupted) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const auto reading = std::make_shared<FileDescriptor>(ends[0]);
    writer_ = FileDescriptor(ends[1]);
    REQUIRE_OK(WriteFull(writer_, ViewOf(text), "pipe"));
    Input input;
    input.facts.name = "live.log";
    input.facts.file_type = custody::FileType::kStream;
    input.can_retry = false;
    input.open = [=]() -> Result<FileSource> {
      return FileSource::FromDescriptor(FileDescriptor(::dup(reading->get())), "standard input", interrupted);
    };
    return input;
  }

  fs::path file_ = path() / "input/busy.log";
  FileDescriptor writer_;
};

constexpr std::size_t kSmall = seal::kEarlyFrameBytes;
// Of a small file, and of a larger one.
const std::vector<std::size_t> kSizes = {100, kSmall + 100};

TEST_CASE_METHOD(Adding, "a log that is emptied while it is read is kept as it was, and marked", "[adder]") {
  const std::string content(100, 'x');
  WriteText(file_, content);
  const custody::ItemFacts taken = AddChanging(
      file_, content.size(), [&](int opening) { opening == 0 ? AppendTo(file_, "y") : void(); },
      [&](int opening) { opening == 1 ? WriteText(file_, "") : void(); });
  CHECK(taken.state->changed);
  CHECK(Cat({1}) == content + "y");
}

TEST_CASE_METHOD(Adding, "a log that is emptied before it is opened is marked, and has the times of then", "[adder]") {
  const std::size_t size = GENERATE(from_range(kSizes));
  WriteText(file_, std::string(size, 'x'));
  Input input = InputOf(file_);
  input.facts.times.modified = custody::FileTime{1, 0};
  input.facts.times.born = custody::FileTime{1, 0};
  WriteText(file_, "");
  struct ::stat emptied {};
  REQUIRE(::lstat(file_.c_str(), &emptied) == 0);
  std::vector<Input> inputs;
  inputs.push_back(std::move(input));
  const Outcome outcome = AddEach(std::move(inputs));
  REQUIRE(outcome.added.size() == 1);
  const custody::ItemFacts& taken = outcome.added[0].facts;
  CHECK(taken.state->changed);
  CHECK(taken.size == 0);
  CHECK(taken.times.modified->seconds == emptied.st_mtim.tv_sec);
  CHECK(taken.times.born->seconds == 1);
}

TEST_CASE_METHOD(Adding, "a log that is rotated while it is read is kept as it was, and marked", "[adder]") {
  const std::size_t size = GENERATE(from_range(kSizes));
  const std::string content(size, 'x');
  WriteText(file_, content);
  const custody::ItemFacts taken = AddChanging(file_, size, [&](int opening) {
    if (opening > 0) return;
    fs::rename(file_, path() / "input/busy.log.1");
    WriteText(file_, "new");
  });
  CHECK(taken.state->changed);
  CHECK(Cat({1}) == content);
}

TEST_CASE_METHOD(Adding, "a file that changed and is quiet then is taken as it is then, unmarked", "[adder]") {
  const std::size_t size = GENERATE(from_range(kSizes));
  WriteText(file_, std::string(size, 'x'));
  const custody::ItemFacts taken =
      AddChanging(file_, size, [&](int opening) { opening == 0 ? AppendTo(file_, "y") : void(); });
  CHECK_FALSE(taken.state->changed);
  CHECK(Cat({1}) == std::string(size, 'x') + "y");
}

TEST_CASE_METHOD(Adding, "a file that has more than its status said is taken in whole", "[adder]") {
  const std::string content(3 * kSmall, 'z');
  WriteText(file_, content);
  const custody::ItemFacts taken = AddChanging(file_, 0, [](int) {});
  CHECK(taken.state == custody::ItemState{});
  CHECK(taken.size == content.size());
  CHECK(Cat({1}) == content);
}

TEST_CASE_METHOD(Adding, "an item has the facts of its caller, those of its original, and other fields", "[adder]") {
  WriteText(file_, "one\ntwo\n");
  Input input = InputOf(file_);
  input.facts.cases = {"IR-2025-014"};
  input.facts.source = "fs01";
  input.sealing.digests.sha512 = true;
  input.more = {{"attached-to", custody::FieldValue::Number(0)}};
  const Outcome outcome = AddEach({std::move(input)});
  REQUIRE(outcome.added.size() == 1);
  const custody::FieldList fields = Fields({1});
  CHECK(custody::ItemFactsIn(fields) == outcome.added[0].facts);
  CHECK(outcome.added[0].facts.source == "fs01");
  CHECK(outcome.added[0].facts.kind == custody::Kind::kLog);
  CHECK(outcome.added[0].facts.sha512);
  CHECK(outcome.added[0].facts.parts->count == 2);
  CHECK(fields.Tells("attached-to"));
  CHECK(fields.Tells(custody::kPartsSeed));
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(Adding, "a stream is taken in to its end, with what its program left", "[adder]") {
  Input input = Stream("lines\n", nullptr);
  writer_ = FileDescriptor();
  input.ended = [](std::uint64_t bytes) -> Result<StreamEnd> {
    CHECK(bytes == 6);
    return StreamEnd{custody::PartialFacts{"producer-failed", 0, 3}, {{"producer", custody::FieldValue("x")}}};
  };
  const Outcome outcome = AddEach({std::move(input)});
  REQUIRE(outcome.added.size() == 1);
  const custody::ItemFacts& facts = outcome.added[0].facts;
  CHECK_FALSE(facts.state->whole);
  CHECK(facts.partial == custody::PartialFacts{"producer-failed", 6, 3});
  CHECK(Fields({1}).Tells("producer"));
  CHECK(Cat({1}) == "lines\n");
}

TEST_CASE_METHOD(Adding, "a stream that is cut is kept and says so, or leaves no trace", "[adder]") {
  const OnCut on_cut = GENERATE(OnCut::kKeep, OnCut::kRefuse);
  std::atomic<bool> interrupted{false};
  Input input = Stream("what came before the cut", &interrupted);
  input.on_cut = on_cut;
  // Somebody asks to stop when all that came was read.
  const auto asking = std::async(std::launch::async, [&] {
    int unread = 1;
    while (unread > 0 && ::ioctl(writer_.get(), FIONREAD, &unread) == 0) std::this_thread::yield();
    interrupted = true;
  });
  const Outcome outcome = AddEach({std::move(input)}, {{}, nullptr, &interrupted});
  CHECK_FAILS(outcome.finished, ErrorCode::kInterrupted, "interrupted");
  CHECK(outcome.refused.empty());
  if (on_cut == OnCut::kRefuse) {
    CHECK(outcome.added.empty());
    return;
  }
  REQUIRE(outcome.added.size() == 1);
  CHECK(outcome.added[0].facts.partial == custody::PartialFacts{"interrupted", 24});
  CHECK_FALSE(outcome.added[0].facts.state->whole);
  CHECK(Cat({1}) == "what came before the cut");
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(Adding, "an empty stream is refused, unless somebody allows it", "[adder]") {
  Input input = Stream("", nullptr);
  writer_ = FileDescriptor();
  input.may_be_empty = GENERATE(true, false);
  const bool is_allowed = input.may_be_empty;
  const Outcome outcome = AddEach({std::move(input)});
  CHECK(outcome.added.size() == (is_allowed ? 1 : 0));
  CHECK(outcome.refused.size() == (is_allowed ? 0 : 1));
}

TEST_CASE_METHOD(Adding, "what was not taken in is in an omission, a line for each", "[adder]") {
  Input input = InputOf("/dev/null");
  input.facts.path = "share/locked \xff.db";
  input.open = []() -> Result<FileSource> { return Fail(ErrorCode::kPermission, "it is locked"); };
  Input claimed = InputOf("/dev/null");
  claimed.facts.path = "b.log";
  claimed.facts.claimed = {{custody::DigestAlgorithm::kMd5, Bytes(16), false}};
  claimed.open = [this]() -> Result<FileSource> {  // called by another thread, where nothing may be asserted
    WriteText(file_, "other");
    struct ::stat status {};
    if (::lstat(file_.c_str(), &status) != 0) return Fail(ErrorCode::kIo, "lstat failed");
    return FileSource::Open(file_, status);
  };
  const Outcome outcome = AddEach({std::move(input), std::move(claimed)}, {{}, nullptr, nullptr, {"IR-2025-014"}});
  CHECK(outcome.refused.size() == 2);
  REQUIRE_OK(outcome.finished);
  CHECK(outcome.finished->omission == tlog::Sequence{1});
  const custody::ItemFacts facts = custody::ItemFactsIn(Fields({1}));
  CHECK(facts.count == 2);
  CHECK(facts.cases == std::vector<std::string>{"IR-2025-014"});
  const std::string list = Cat({1});
  CHECK(
      list.starts_with("{\"path\":{\"base64\":\"c2hhcmUvbG9ja2VkIP8uZGI=\"},\"why\":\"it is locked\"}\n"
                       "{\"path\":\"b.log\",\"why\":\"its md5 is "));
  CHECK(facts.size == list.size());
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(Adding, "a list of omissions that is larger than a small file is stored like one", "[adder]") {
  {
    Adder adder(
        std::make_unique<work::VaultDestination>(Unwrap(OpenWriter())), pool(), {}, [](const Added&) {},
        [](const Refused&) {});
    for (int i = 0; i < 1500; ++i) {
      adder.Refuse({"share/" + std::to_string(i), {ErrorCode::kPermission, std::string(1000, 'x'), {}}});
    }
    CHECK(Unwrap(adder.Finish()).refused == 1500);
  }
  CHECK(custody::ItemFactsIn(Fields({1})).count == 1500);
  CHECK(Cat({1}).size() > kSmall);
}

}  // namespace
}  // namespace exhibit::intake

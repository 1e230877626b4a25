// Goal: what happens to a named file between the moment it was found and the moment it is opened is noticed, however long that
// takes. Method: a file that is emptied, or grows, before its walk begins.
#include "vault/intake/gathering.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::testing {
namespace {

struct Keeping final : intake::Receiver {
  std::vector<intake::Input> taken;
  Result<void> Take(intake::Input input) override {
    taken.push_back(std::move(input));
    return {};
  }
  void Refuse(intake::Refused) override {}
  void LeaveOut(const std::filesystem::path&, const std::string&) override {}
  void Remark(const std::string&) override {}
  void Miss(intake::Refused) override {}
  void Contradict(intake::Refused) override {}
};

}  // namespace

TEST_CASE("a named log that is emptied before the walk has changed; one that grew has not", "[intake]") {
  const TemporaryFolder folder;
  const auto log = folder.path() / "busy.log";
  const std::string now = GENERATE("", "less", "as many bytes as it had, and more");
  WriteText(log, "as many bytes as it had");
  const intake::Start start = Unwrap(intake::FindStart(log));
  WriteText(log, now);
  Keeping receiver;
  intake::Gatherer gatherer({}, {}, receiver);
  REQUIRE_OK(gatherer.TakeFrom(start));
  REQUIRE(receiver.taken.size() == 1);
  auto source = Unwrap(receiver.taken[0].open());
  Bytes content(100);
  CHECK(Unwrap(source.Read(content)) == now.size());
  CHECK(Unwrap(source.Changed()) == (now.size() < 23));
  // What is said of it is of the file as it is.
  CHECK(receiver.taken[0].size_hint == now.size());
  CHECK_FALSE(receiver.taken[0].facts.system.holes.value_or(false));
}

}  // namespace exhibit::testing

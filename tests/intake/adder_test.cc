// Goal: a file that changes while it is read is evidence of what it was, and never less. Method: inputs that change the file
// at each opening, as a busy machine does.
#include "vault/intake/adder.h"

#include "tests/support/vault_fixture.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::ReadText;
using testing::VaultFixture;
using testing::WriteText;

class Adding : public VaultFixture {
 protected:
  // Takes in the file; `at_open` is called after each opening, with its number from 0. Gives what was taken in.
  seal::Metadata AddChanging(
      const fs::path& file, std::uint64_t size_hint, std::function<void(int)> at_open,
      std::function<void(int)> before_open = [](int) {}) {
    std::vector<Added> added;
    Adder adder(
        std::make_unique<work::VaultDestination>(Unwrap(OpenWriter())), pool(), {},
        [&](const Added& one) { added.push_back(one); },
        [](const Refused& refused) { FAIL_CHECK("refused: " << refused.reason.message); });
    Input input = InputOf(file);
    input.size_hint = size_hint;
    int opened = 0;
    input.open = [=, open = input.open, opened = std::make_shared<int>(opened)]() -> Result<FileSource> {
      before_open(*opened);
      auto source = open();
      at_open((*opened)++);
      return source;
    };
    REQUIRE_OK(adder.Add(std::move(input)));
    Unwrap(adder.Finish());
    REQUIRE(added.size() == 1);
    return added[0].metadata;
  }
  template <typename T>
  static T Unwrap(Result<T> result) {
    return testing::Unwrap(std::move(result));
  }
  static void AppendTo(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary | std::ios::app).write(text.data(), static_cast<std::streamsize>(text.size()));
  }

  fs::path file_ = path() / "input/busy.log";
};

// Of a small file, and of one that has more than a frame.
const std::vector<std::size_t> kSizes = {100, seal::kFrameBytes + 100};

TEST_CASE_METHOD(Adding, "a log that is emptied while it is read is kept as it was, and marked", "[adder]") {
  const std::string content(100, 'x');
  WriteText(file_, content);
  const seal::Metadata taken = AddChanging(
      file_, content.size(), [&](int opening) { opening == 0 ? AppendTo(file_, "y") : void(); },
      [&](int opening) { opening == 1 ? WriteText(file_, "") : void(); });
  CHECK(taken.changed_while_read);
  CHECK(Cat({1}) == content + "y");
}

TEST_CASE_METHOD(Adding, "a log that is rotated while it is read is kept as it was, and marked", "[adder]") {
  const std::size_t size = GENERATE(from_range(kSizes));
  const std::string content(size, 'x');
  WriteText(file_, content);
  const seal::Metadata taken = AddChanging(file_, size, [&](int opening) {
    if (opening > 0) return;
    fs::rename(file_, path() / "input/busy.log.1");
    WriteText(file_, "new");
  });
  CHECK(taken.changed_while_read);
  CHECK(Cat({1}) == content);
}

TEST_CASE_METHOD(Adding, "a file that changed and is quiet then is taken as it is then, unmarked", "[adder]") {
  const std::size_t size = GENERATE(from_range(kSizes));
  WriteText(file_, std::string(size, 'x'));
  const seal::Metadata taken =
      AddChanging(file_, size, [&](int opening) { opening == 0 ? AppendTo(file_, "y") : void(); });
  CHECK_FALSE(taken.changed_while_read);
  CHECK(Cat({1}) == std::string(size, 'x') + "y");
}

TEST_CASE_METHOD(Adding, "a file that has more than its status said is taken in whole", "[adder]") {
  const std::string content(3 * seal::kFrameBytes, 'z');
  WriteText(file_, content);
  const seal::Metadata taken = AddChanging(file_, 0, [](int) {});
  CHECK_FALSE(taken.changed_while_read);
  CHECK(taken.size_bytes == content.size());
  CHECK(Cat({1}) == content);
}

}  // namespace
}  // namespace exhibit::intake

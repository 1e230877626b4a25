// Goal: of a file on a failing medium everything is kept that can be read, where it stood; the map of the gaps is right; and
// what cannot be read at all is refused. Method: read() and pread() of this program fail with EIO where a test says so.
#include "vault/intake/salvage.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "tests/support/intake_input.h"
#include "tests/support/vault_fixture.h"
#include "vault/seal/plaintext.h"
#include "vault/work/add.h"

namespace {

// The descriptors' file that fails, by its inode, and where. Block by block, as a disk does.
ino_t g_failing_inode = 0;
std::vector<exhibit::ByteRange> g_bad;
std::uint64_t g_gone_from = ~std::uint64_t{0};  // the medium is taken away there

// What becomes of reading so many bytes there: how many may be read, or the error.
ssize_t MayRead(int file, off_t offset, std::size_t bytes) {
  struct ::stat status {};
  if (g_failing_inode == 0 || ::fstat(file, &status) != 0 || status.st_ino != g_failing_inode) {
    return static_cast<ssize_t>(bytes);
  }
  const auto at = static_cast<std::uint64_t>(offset);
  std::uint64_t end = at + bytes;
  if (at >= g_gone_from) {
    errno = ENXIO;
    return -1;
  }
  end = std::min(end, g_gone_from);
  for (const exhibit::ByteRange& bad : g_bad) {
    if (at >= bad.offset && at < bad.offset + bad.bytes) {
      errno = EIO;
      return -1;
    }
    if (at < bad.offset) end = std::min(end, bad.offset);
  }
  return static_cast<ssize_t>(end - at);
}

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" ssize_t read(int file, void* buffer, size_t bytes) {
  static auto* const real = Real<ssize_t(int, void*, size_t)>("read");
  if (g_failing_inode == 0) return real(file, buffer, bytes);
  const ssize_t may = MayRead(file, ::lseek(file, 0, SEEK_CUR), bytes);
  return may < 0 ? may : real(file, buffer, static_cast<std::size_t>(may));
}
extern "C" ssize_t pread(int file, void* buffer, size_t bytes, off_t offset) {
  static auto* const real = Real<ssize_t(int, void*, size_t, off_t)>("pread");
  if (g_failing_inode == 0) return real(file, buffer, bytes, offset);
  const ssize_t may = MayRead(file, offset, bytes);
  return may < 0 ? may : real(file, buffer, static_cast<std::size_t>(may), offset);
}

namespace exhibit::intake {
namespace {

using testing::InputOf;
using testing::Unwrap;
using testing::WriteText;

constexpr std::size_t kBlock = Salvage::kBlockBytes;
constexpr std::size_t kSmall = seal::kEarlyFrameBytes;

class Salvaging : public testing::VaultFixture {
 protected:
  Salvaging() { g_failing_inode = 0; }
  ~Salvaging() { Mend(); }
  static void Mend() {
    g_failing_inode = 0;
    g_bad.clear();
    g_gone_from = ~std::uint64_t{0};
  }

  // A file of this size whose bytes are all different from zero.
  std::string Make(std::size_t size) const {
    std::mt19937 chance(5);
    std::string content(size, '\0');
    for (char& c : content) c = static_cast<char>(chance() % 255 + 1);
    WriteText(file_, content);
    return content;
  }
  void Break(std::vector<ByteRange> bad) const {
    struct ::stat status {};
    REQUIRE(::stat(file_.c_str(), &status) == 0);
    g_bad = std::move(bad);
    g_failing_inode = status.st_ino;
  }

  struct Outcome {
    std::vector<Added> added;
    std::vector<Refused> refused;
  };
  Outcome AddIt() {
    Outcome outcome;
    Adder adder(
        std::make_unique<work::VaultDestination>(Unwrap(OpenWriter())), pool(), {},
        [&](const Added& one) { outcome.added.push_back(one); },
        [&](const Refused& one) { outcome.refused.push_back(one); });
    Input input = InputOf(file_);
    input.on_cut = OnCut::kKeep;
    REQUIRE_OK(adder.Add(std::move(input)));
    REQUIRE_OK(adder.Finish());
    Mend();
    return outcome;
  }
  std::string GapsText() const {
    const auto fields = Fields({1});
    for (const custody::FieldPlace& place : fields.places()) {
      if (place.key.text() != kGaps) continue;
      std::string text;
      for (const custody::FieldValue& gap : *place.line->value().AsArray()) {
        text += std::to_string(*gap.Find("at")->Number()) + "+" + std::to_string(*gap.Find("bytes")->Number()) + " ";
      }
      return text;
    }
    return "none";
  }

  std::filesystem::path file_ = path() / "input/disk.dd";
};

TEST_CASE_METHOD(Salvaging, "what can be read is kept where it stood, with a map of the gaps", "[salvage]") {
  const std::size_t size = GENERATE(std::size_t{5} * kBlock + 77, 3 * kSmall + 5000);
  std::string content = Make(size);
  // In a block, over two blocks, and to the end of the file.
  const std::vector<ByteRange> bad = {{kBlock + 10, 1}, {3 * kBlock - 1, 2}, {size - 20, 20}};
  Break(bad);
  const Outcome outcome = AddIt();
  REQUIRE(outcome.added.size() == 1);
  const std::size_t tail = size - size % kBlock;
  std::uint64_t lost = 0;
  for (const ByteRange& gap :
       {ByteRange{kBlock + 10, kBlock - 10}, ByteRange{3 * kBlock - 1, kBlock + 1}, ByteRange{size - 20, 20}}) {
    std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(gap.offset), gap.bytes, '\0');
    lost += gap.bytes;
  }
  REQUIRE(size - 20 > tail);
  CHECK(Cat({1}) == content);
  const custody::ItemFacts& facts = outcome.added[0].facts;
  CHECK_FALSE(facts.state->whole);
  CHECK(facts.size == size);
  CHECK(facts.partial == custody::PartialFacts{"unreadable", size - lost});
  CHECK(GapsText() == "4106+4086 12287+4097 " + std::to_string(size - 20) + "+20 ");
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(Salvaging, "what cannot be read at all is refused", "[salvage]") {
  const std::size_t size = GENERATE(std::size_t{100}, kSmall + 100);
  Make(size);
  Break({{0, size}});
  const Outcome outcome = AddIt();
  CHECK(outcome.added.empty());
  REQUIRE(outcome.refused.size() == 1);
  CHECK(outcome.refused[0].reason.message.find("Input/output error") != std::string::npos);
}

TEST_CASE_METHOD(Salvaging, "of a medium that is taken away, what came before is kept and marked", "[salvage]") {
  const std::size_t size = GENERATE(std::size_t{5} * kBlock, 3 * kSmall);
  const std::string content = Make(size);
  Break({});
  g_gone_from = size / 2 + 5;
  const Outcome outcome = AddIt();
  REQUIRE(outcome.added.size() == 1);
  CHECK(outcome.added[0].facts.partial == custody::PartialFacts{"read-error", size / 2 + 5});
  CHECK(Cat({1}) == content.substr(0, size / 2 + 5));
  CHECK(GapsText() == "none");
}

TEST_CASE_METHOD(Salvaging, "a medium that is gone at once is refused", "[salvage]") {
  Make(kSmall + 1);
  Break({});
  g_gone_from = 0;
  CHECK(AddIt().refused.size() == 1);
}

TEST_CASE_METHOD(Salvaging, "more gaps than a field holds are put together, and none is lost", "[salvage]") {
  constexpr std::size_t kGaps = Salvage::kMostGaps + 500;
  const std::string content = Make(2 * kGaps * kBlock);
  std::vector<ByteRange> bad;
  for (std::size_t i = 0; i < kGaps; ++i) bad.push_back({2 * i * kBlock, 1});
  Break(std::move(bad));
  Salvage salvage;
  const FileDescriptor file = Unwrap(OpenForReading(file_));
  Bytes read(content.size());
  CHECK(salvage.ReadAt(file, 0, read, file_) == content.size());
  CHECK(salvage.gaps().size() == Salvage::kMostGaps);
  CHECK(salvage.unread() == kGaps * kBlock);
  std::vector<bool> covered(content.size(), false);
  for (const ByteRange& gap : salvage.gaps()) {
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(gap.offset), gap.bytes, true);
  }
  for (std::size_t i = 0; i < content.size(); ++i) {
    const bool is_read = read[i] == static_cast<std::uint8_t>(content[i]);
    if (!covered[i]) REQUIRE(is_read);
  }
  // The field holds them all.
  CHECK(custody::FieldList::Make({{std::string(kGaps == 0 ? "" : "gaps"), GapsField(salvage.gaps())}}));
}

TEST_CASE_METHOD(Salvaging, "a file of the system that gives nothing is refused, and is no item of zeros",
                 "[salvage]") {
  file_ = "/proc/self/mem";
  const Outcome outcome = AddIt();
  CHECK(outcome.added.empty());
  CHECK(outcome.refused.size() == 1);
}

}  // namespace
}  // namespace exhibit::intake

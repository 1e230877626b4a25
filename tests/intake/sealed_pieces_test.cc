// Goal: a sealed file that a medium takes in pieces is all there, in order, and under its final names only once it is whole.
// Method: a limit of the process on the size of files, which fails as FAT32 does at 4 GiB.
#include "vault/intake/sealed_pieces.h"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <set>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

class LongestFile {
 public:
  explicit LongestFile(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit small = {bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  ~LongestFile() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_ = {};
  void (*handler_)(int);
};

struct InDrop {
  TemporaryFolder folder;
  fs::path sealed() const { return folder.path() / "1a2b3c4d-1.age"; }
  Bytes Read(const std::string& name) const { return Unwrap(ReadFile(folder.path() / name, 1 << 20)); }
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const auto& file : fs::directory_iterator(folder.path())) names.insert(file.path().filename());
    return names;
  }
};

Bytes Counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  return bytes;
}

}  // namespace

TEST_CASE_METHOD(InDrop, "a sealed file that fits is one file", "[drop]") {
  const auto pieces = Unwrap(intake::SealedPieces::Make(sealed()));
  REQUIRE_OK(pieces->Begin(ViewOf("header")));
  REQUIRE_OK(pieces->Put(ViewOf("payload")));
  CHECK(Names() == std::set<std::string>{"1a2b3c4d-1.age.part"});
  REQUIRE_OK(pieces->Finish());
  CHECK(Names() == std::set<std::string>{"1a2b3c4d-1.age"});
  CHECK(Read("1a2b3c4d-1.age") == ToBytes(ViewOf("headerpayload")));
}

TEST_CASE_METHOD(InDrop, "a sealed file that is longer than a file may be is in pieces", "[drop]") {
  const Bytes payload = Counting(2'500);
  {
    const LongestFile limit(1'000);
    const auto pieces = Unwrap(intake::SealedPieces::Make(sealed()));
    REQUIRE_OK(pieces->Begin(ViewOf("header")));
    REQUIRE_OK(pieces->Put(ByteView(payload).first(700)));
    REQUIRE_OK(pieces->Put(ByteView(payload).subspan(700)));
    CHECK(Names() == std::set<std::string>{"1a2b3c4d-1.age.part", "1a2b3c4d-1.age.2.part", "1a2b3c4d-1.age.3.part"});
    REQUIRE_OK(pieces->Finish());
  }
  CHECK(Names() == std::set<std::string>{"1a2b3c4d-1.age.1", "1a2b3c4d-1.age.2", "1a2b3c4d-1.age.3"});
  Bytes whole;
  for (const char* const number : {"1", "2", "3"}) {
    const Bytes piece = Read(std::string("1a2b3c4d-1.age.") + number);
    CHECK(piece.size() <= 1'000);
    whole.insert(whole.end(), piece.begin(), piece.end());
  }
  Bytes wanted = ToBytes(ViewOf("header"));
  wanted.insert(wanted.end(), payload.begin(), payload.end());
  CHECK(whole == wanted);
}

TEST_CASE_METHOD(InDrop, "pieces that were not finished are removed, and nothing is overwritten", "[drop]") {
  {
    const LongestFile limit(1'000);
    const auto pieces = Unwrap(intake::SealedPieces::Make(sealed()));
    REQUIRE_OK(pieces->Begin(Counting(1'500)));
  }
  CHECK(Names().empty());
  std::ofstream(sealed()) << "another";
  const auto pieces = Unwrap(intake::SealedPieces::Make(sealed()));
  REQUIRE_OK(pieces->Begin(ViewOf("header")));
  CHECK_FAILS(pieces->Finish(), ErrorCode::kExists, "is there already");
  CHECK(Read("1a2b3c4d-1.age") == ToBytes(ViewOf("another")));
}

TEST_CASE_METHOD(InDrop, "where no file can be written at all, that is said and does not go on for ever", "[drop]") {
  const LongestFile limit(0);
  const auto pieces = Unwrap(intake::SealedPieces::Make(sealed()));
  CHECK_FAILS(pieces->Begin(ViewOf("header")), ErrorCode::kIo, "File too large");
}

}  // namespace exhibit::testing

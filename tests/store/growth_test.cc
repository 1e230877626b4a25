// Goal: what grows with the vault is not bounded by what one process may have: files, bytes written, descriptors.
// Method: a vault that is opened anew for each item; the kernel's own count of what this process wrote.
// (tools/bench --only growth goes to ten thousand commands and a million items.)
#include <sys/resource.h>

#include <fstream>

#include "tests/support/vault_fixture.h"
#include "vault/crypto/random.h"
#include "vault/store/rocks_runs.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct GrowthFixture : VaultOnDisk {
  std::uint64_t FilesInStore() const {
    std::uint64_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(vault() / "store"))
      files += entry.is_regular_file() ? 1U : 0U;
    return files;
  }
  std::uint64_t BytesInStore() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(vault() / "store")) {
      if (entry.is_regular_file()) bytes += entry.file_size();
    }
    return bytes;
  }
  // Bytes that this process gave to write calls.
  static std::uint64_t Written() {
    std::ifstream file("/proc/self/io");
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("wchar: ")) return std::stoull(line.substr(7));
    }
    FAIL("the kernel counts no input and output");
    return 0;
  }
};

}  // namespace

TEST_CASE_METHOD(GrowthFixture, "three hundred commands leave as many files as thirty", "[growth]") {
  const std::uint64_t written_before = Written();
  const std::uint64_t stored_before = BytesInStore();
  for (int command = 0; command < 300; ++command) {
    Add({{"note", "line " + std::to_string(command)}});
    REQUIRE(FilesInStore() <= store::kMostLogs + store::kMostRuns + 8);
  }
  CHECK(Verify(verify::Depth::kContent).ok());
  const std::uint64_t stored = BytesInStore() - stored_before;
  const std::uint64_t written = Written() - written_before;
  CAPTURE(stored, written);
  CHECK(written < 4 * stored);
}

TEST_CASE_METHOD(GrowthFixture, "a large item is written once", "[growth]") {
  Add({{"first", "small"}});
  constexpr std::size_t kBytes = 24 << 20;
  std::string content(kBytes, '\0');
  crypto::FillRandom({reinterpret_cast<std::uint8_t*>(content.data()), content.size()});
  const std::uint64_t before = Written();
  Add({{"large", content}});
  const std::uint64_t written = Written() - before;
  CAPTURE(written);
  CHECK(written < kBytes + kBytes / 25);  // of which the padding is half
}

TEST_CASE_METHOD(GrowthFixture, "a vault opens where a process may have few files open", "[growth]") {
  for (int command = 0; command < 100; ++command) Add({{"note", "line " + std::to_string(command)}});
  ::rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
  const ::rlimit few{64, usual.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  const auto reader = OpenReader();
  const auto writer = OpenWriter();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
  REQUIRE_OK(reader);
  REQUIRE_OK(writer);
}

}  // namespace exhibit::testing

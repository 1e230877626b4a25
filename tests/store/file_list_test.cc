// Goal: what an opening writes of the list of files waits until the list changes, and nothing depends on it before that.
// Method: stores of real files, opened again and again; what CURRENT names is compared.
#include <algorithm>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "vault/base/file.h"
#include "vault/store/rocks_store.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct FileListFixture {
  FileListFixture() { Unwrap(engine.Create(store_folder)); }

  // In a store that is opened for it.
  void Append(std::uint64_t count, std::size_t bytes) {
    const auto store = Unwrap(engine.Open(store_folder));
    std::vector<Bytes> entries;
    for (std::uint64_t i = 0; i < count; ++i) entries.push_back(EntryOf(size + i, bytes));
    store::AppendBatch batch;
    for (std::uint64_t i = 0; i < count; ++i) batch.entries.push_back({{size + i}, entries[i]});
    REQUIRE_OK(store->Append(batch));
    for (const Bytes& entry : entries) written.push_back(entry);
    size += count;
  }
  static Bytes EntryOf(std::uint64_t at, std::size_t bytes) {
    return Bytes(bytes, static_cast<std::uint8_t>('a' + at % 26));
  }

  struct List {
    std::string name;
    Bytes bytes;
    bool operator==(const List&) const = default;
  };
  // What CURRENT names on the disk.
  List OnDisk() const {
    const std::string named = ToText(Unwrap(ReadFile(store_folder / "CURRENT", 100)));
    const std::string name = named.substr(0, named.find('\n'));
    return {name, Unwrap(ReadFile(store_folder / name, 1 << 20))};
  }
  std::size_t ListsOnDisk() const {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator(store_folder)) {
      count += file.path().filename().native().starts_with("MANIFEST-") ? 1U : 0U;
    }
    return count;
  }
  void CheckAllIsThere() const {
    const auto store = Unwrap(engine.OpenForReading(store_folder));
    CHECK(Unwrap(store->CountEntries()).value == size);
    for (std::uint64_t at = 0; at < size; ++at) CHECK(Unwrap(store->ReadEntry({at})) == written[at]);
    CHECK(Unwrap(store->CheckMedium()).empty());
  }

  TemporaryFolder folder;
  fs::path store_folder = folder.path() / "store";
  store::RocksEngine engine;
  std::uint64_t size = 0;
  std::vector<Bytes> written;
};

}  // namespace

TEST_CASE_METHOD(FileListFixture, "a command that adds records writes no list of files", "[store]") {
  Append(1, 100);
  const List before = OnDisk();
  for (int i = 0; i < 5; ++i) {
    Append(2, 1000);
    CheckAllIsThere();
  }
  CHECK(OnDisk() == before);
  CHECK(ListsOnDisk() == 1);
}

TEST_CASE_METHOD(FileListFixture, "a list of files that changes is written, named by CURRENT and alone", "[store]") {
  Append(1, 100);
  const List before = OnDisk();
  // More than what a writer leaves in logs: it makes a sorted file of them before it goes.
  Append(60, 60'000);
  const List after = OnDisk();
  CHECK(after.name != before.name);
  CHECK(ListsOnDisk() == 1);
  CheckAllIsThere();
  Append(3, 100);
  CHECK(OnDisk() == after);
  CheckAllIsThere();
}

}  // namespace exhibit::testing

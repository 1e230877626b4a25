// Goal: a table finds what was put, after any number of merges and openings, and what a crash or another hand did to its files
// loses rows and never makes one. Method: a model in a std::map, and files that are cut and flipped.
#include "vault/intake/journal_table.h"

#include <chrono>
#include <map>
#include <random>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::ReadText;
using testing::Unwrap;
using testing::WriteText;

// Tags as they come of an HMAC: spread evenly.
JournalRow RowOf(std::uint64_t number, std::uint64_t entry) {
  std::mt19937_64 chance(number);
  JournalRow row;
  for (std::size_t at = 0; at < 16; at += 8) PutU64(row.tag.mutable_view().subspan(at), chance());
  PutU64(row.mark.mutable_view(), entry);
  row.entry = entry;
  return row;
}

class Table {
 protected:
  JournalTable Open(std::uint64_t most = JournalTable::kMaxRows) const {
    crypto::DerivedKey key;
    key.ExposeSecretForWriting()[0] = 7;
    return Unwrap(JournalTable::Open(path_, std::move(key), most));
  }
  std::uint64_t SizeOf(const char* ending) const { return fs::file_size(path_.native() + ending); }

  testing::TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "journals" / "one";
};

TEST_CASE_METHOD(Table, "what was put is found, through merges and openings", "[journal]") {
  std::map<std::uint64_t, std::uint64_t> model;
  std::mt19937_64 chance(1);
  for (int round = 0; round < 6; ++round) {
    JournalTable table = Open();
    for (int batch = 0; batch < 20; ++batch) {
      std::vector<JournalRow> rows;
      for (int i = 0; i < 700; ++i) {
        const std::uint64_t number = chance() % 60'000;  // some again
        rows.push_back(RowOf(number, chance() % 1'000'000));
        model[number] = rows.back().entry;
      }
      REQUIRE_OK(table.Put(rows));
    }
  }
  CHECK(fs::file_size(path_) > 16 * 1024 * JournalTable::kRowBytes);  // it was merged
  JournalTable table = Open();
  for (std::uint64_t number = 0; number < 60'000; ++number) {
    const auto found = table.Find(RowOf(number, 0).tag);
    const auto known = model.find(number);
    REQUIRE(found.has_value() == (known != model.end()));
    if (found) REQUIRE(*found == RowOf(number, known->second));
  }
  CHECK_FALSE(table.Find(JournalTag()));
}

TEST_CASE_METHOD(Table, "the last row of a tag counts, however many were looked up before", "[journal]") {
  JournalTable table = Open();
  REQUIRE_OK(table.Put(std::vector{RowOf(1, 1), RowOf(2, 2), RowOf(1, 3)}));
  for (int times = 0; times < 30; ++times) {
    CHECK(table.Find(RowOf(1, 0).tag) == RowOf(1, 3));
    CHECK(table.Find(RowOf(2, 0).tag) == RowOf(2, 2));
    CHECK_FALSE(table.Find(RowOf(4, 0).tag));
  }
  REQUIRE_OK(table.Put(std::vector{RowOf(2, 5), RowOf(4, 4)}, Lasting::kWithNext));
  CHECK(table.Find(RowOf(2, 0).tag) == RowOf(2, 5));
  CHECK(table.Find(RowOf(4, 0).tag) == RowOf(4, 4));
}

TEST_CASE_METHOD(Table, "after a long run few rows are left to read at a start", "[journal]") {
  const auto put = [](JournalTable& table, std::uint64_t first, std::uint64_t count) {
    std::vector<JournalRow> rows;
    for (std::uint64_t number = first; number < first + count; ++number) rows.push_back(RowOf(number, number));
    REQUIRE_OK(table.Put(rows));
  };
  {
    JournalTable table = Open();
    put(table, 0, 200'000);
    put(table, 200'000, 20'000);
    REQUIRE(SizeOf(".new") == 20'000 * JournalTable::kRowBytes);  // within a run they wait for more
    REQUIRE_OK(table.Settle());
    CHECK(SizeOf(".new") == 0);
    put(table, 220'000, 100);
    REQUIRE_OK(table.Settle());
    CHECK(SizeOf(".new") == 100 * JournalTable::kRowBytes);  // few are not worth it
  }
  JournalTable table = Open();
  for (const std::uint64_t number : {0U, 199'999U, 200'000U, 219'999U, 220'099U}) {
    CHECK(table.Find(RowOf(number, number).tag) == RowOf(number, number));
  }
}

TEST_CASE_METHOD(Table, "one at a time has it open", "[journal]") {
  JournalTable table = Open();
  CHECK_FAILS(JournalTable::Open(path_, crypto::DerivedKey()), ErrorCode::kBusy, "another process");
}

TEST_CASE_METHOD(Table, "a row that a power cut tore is not there, and the next ones are", "[journal]") {
  for (std::uint64_t left = 0; left < 2 * JournalTable::kRowBytes; left += 7) {
    CAPTURE(left);
    fs::remove_all(path_.parent_path());
    REQUIRE_OK(Open().Put(std::vector{RowOf(1, 1), RowOf(2, 2)}));
    fs::resize_file(path_.native() + ".new", left);
    REQUIRE_OK(Open().Put(std::vector{RowOf(3, 3)}));
    JournalTable table = Open();
    CHECK(table.Find(RowOf(1, 1).tag).has_value() == (left >= JournalTable::kRowBytes));
    CHECK_FALSE(table.Find(RowOf(2, 2).tag));
    CHECK(table.Find(RowOf(3, 3).tag) == RowOf(3, 3));
  }
}

TEST_CASE_METHOD(Table, "a changed row is not there, and another key finds none", "[journal]") {
  REQUIRE_OK(Open().Put(std::vector{RowOf(1, 1)}));
  const std::string whole = ReadText(path_.native() + ".new");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    WriteText(path_.native() + ".new", changed);
    CHECK_FALSE(Open().Find(RowOf(1, 1).tag));
  }
  WriteText(path_.native() + ".new", whole);
  CHECK(Open().Find(RowOf(1, 1).tag));
  CHECK_FALSE(Unwrap(JournalTable::Open(path_, crypto::DerivedKey())).Find(RowOf(1, 1).tag));
}

TEST_CASE_METHOD(Table, "it is bounded, and the oldest are forgotten", "[journal]") {
  constexpr std::uint64_t kMost = 40'000;
  for (std::uint64_t from = 0; from < 100'000; from += 1000) {
    JournalTable table = Open(kMost);
    std::vector<JournalRow> rows;
    for (std::uint64_t number = from; number < from + 1000; ++number) rows.push_back(RowOf(number, number));
    REQUIRE_OK(table.Put(rows));
    REQUIRE(fs::exists(path_) * (fs::exists(path_) ? SizeOf("") : 0) <= kMost * JournalTable::kRowBytes);
  }
  JournalTable table = Open(kMost);
  CHECK_FALSE(table.Find(RowOf(0, 0).tag));
  CHECK_FALSE(table.Find(RowOf(20'000, 0).tag));
  for (std::uint64_t number = 75'000; number < 100'000; number += 97) REQUIRE(table.Find(RowOf(number, 0).tag));
}

// What a million items take: intake_test "[million]" prints it.
TEST_CASE_METHOD(Table, "a million items are put and found", "[.][million]") {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
  };
  constexpr std::uint64_t kRows = 2'000'000;  // of a million items
  auto begun = Clock::now();
  {
    JournalTable table = Open();
    std::vector<JournalRow> rows;
    for (std::uint64_t number = 0; number < kRows; ++number) {
      rows.push_back(RowOf(number, number));
      if (rows.size() < 1024) continue;
      REQUIRE_OK(table.Put(rows));
      rows.clear();
    }
    REQUIRE_OK(table.Put(rows));
  }
  const double put = since(begun);
  begun = Clock::now();
  JournalTable table = Open();
  const double opened = since(begun);
  begun = Clock::now();
  for (std::uint64_t number = 0; number < kRows; number += 10) REQUIRE(table.Find(RowOf(number, 0).tag));
  WARN("put " << put << " s, open " << opened << " s, find " << since(begun) / (kRows / 10.0) * 1e6 << " us each, "
              << fs::file_size(path_) + SizeOf(".new") << " bytes");
}

TEST_CASE_METHOD(Table, "a merge that was killed begins again", "[journal]") {
  const auto put = [&](std::uint64_t from) {
    std::vector<JournalRow> rows;
    for (std::uint64_t number = from; number < from + 17'000; ++number) rows.push_back(RowOf(number, number));
    REQUIRE_OK(Open().Put(rows));
  };
  put(0);
  WriteText(path_.native() + ".merging", "half of a");
  put(20'000);
  JournalTable table = Open();
  CHECK(table.Find(RowOf(16'999, 0).tag));
  CHECK(table.Find(RowOf(36'999, 0).tag));
  CHECK_FALSE(fs::exists(path_.native() + ".merging"));
}

}  // namespace
}  // namespace exhibit::intake

// What a journal (intake/journal.h) is kept in: a map on the disk from tags, which look random, to places in a log.
//
//   NAME         rows in the order of their tags, replaced as a whole by another name and a rename
//   NAME.new     rows that were put since, at its end
//   NAME.lock    held by whoever has the table open
//
// A row has 48 bytes: tag, 16; entry, u64; mark, 16; and 8 of HMAC-SHA-256 over them. A row that was torn by a power cut, or
// changed, is not there. Once the new rows are more than an eighth of the others they are merged, and at the end of a run if
// they are more than a 64th, so that the time to open, to find and to put hardly grows with the rows. kMaxRows bounds them: the
// rows of the lowest entries are forgotten first.
//
// Errors lose rows and never make one: whoever reads the table checks what it says against the log itself.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/crypto/kdf.h"

namespace exhibit::intake {

struct JournalTagTag;
struct JournalMarkTag;
using JournalTag = Fixed<JournalTagTag, 16>;
using JournalMark = Fixed<JournalMarkTag, 16>;

struct JournalRow {
  JournalTag tag;
  std::uint64_t entry = 0;
  JournalMark mark;
  bool operator==(const JournalRow&) const = default;
};

// When rows that were put outlast a power cut. Whatever happens, they outlast the process.
enum class Lasting : std::uint8_t {
  kNow,      // when Put returns
  kWithNext  // with the next that is put so, or when the system writes it by itself, some seconds later
};

class JournalTable {
 public:
  static constexpr std::size_t kRowBytes = 48;
  static constexpr std::uint64_t kMaxRows = std::uint64_t{4} << 20;  // 192 MiB

  // Makes it, and the folders above, if it is not there. kBusy while another process has it open.
  static Result<JournalTable> Open(std::filesystem::path path, crypto::DerivedKey key,
                                   std::uint64_t most_rows = kMaxRows);

  // Nothing if there is no such row, or if it cannot be read. From one thread.
  std::optional<JournalRow> Find(const JournalTag& tag);

  // A row replaces an earlier one of its tag. After an error some of them may be there.
  Result<void> Put(std::span<const JournalRow> rows, Lasting lasting = Lasting::kNow);

  // Of a run that put many rows, at its end: leaves few of them to read for whoever opens the table next. An error loses
  // none.
  Result<void> Settle();

 private:
  using RowBytes = std::array<std::uint8_t, kRowBytes>;
  struct HashTag {
    std::size_t operator()(const JournalTag& tag) const { return static_cast<std::size_t>(GetU64(tag.view())); }
  };
  JournalTable(std::filesystem::path path, crypto::DerivedKey key, std::uint64_t most_rows, FileLock lock)
      : path_(std::move(path)), key_(std::move(key)), most_rows_(most_rows), lock_(std::move(lock)) {}

  // The rows of NAME.new as they stand there. Most commands look one or two up: for these the rows are searched from the
  // end. An index is made for whoever looks up more.
  class NewRows {
   public:
    std::size_t count() const { return bytes_.size() / kRowBytes; }
    void Add(ByteView row);
    std::optional<RowBytes> Find(const JournalTag& tag);
    std::vector<ByteView> Sorted();  // the last of each tag, by tag; valid until the next Add or Clear
    void Clear() { *this = NewRows(); }
    ByteView row(std::size_t at) const { return ByteView(bytes_).subspan(at * kRowBytes, kRowBytes); }

   private:
    void MakeIndex();

    Bytes bytes_;
    std::unordered_map<JournalTag, std::size_t, HashTag> index_;  // each tag's last row
    std::size_t indexed_ = 0;                                     // rows
    std::size_t searches_ = 0;
  };

  Result<void> OpenSorted();
  Result<void> ReadNew();
  std::filesystem::path NewPath() const;
  RowBytes Encode(const JournalRow& row) const;
  std::optional<JournalRow> Decode(ByteView row) const;
  std::optional<RowBytes> FindSorted(const JournalTag& tag) const;
  Result<void> MergeIfMoreThan(std::uint64_t rows);
  Result<void> Merge();
  Result<std::uint64_t> FirstKeptEntry(std::uint64_t rows);

  std::filesystem::path path_;
  crypto::DerivedKey key_;
  std::uint64_t most_rows_;
  FileLock lock_;
  FileDescriptor sorted_;  // none where there is no such file yet
  std::uint64_t sorted_rows_ = 0;
  FileDescriptor new_;
  NewRows new_rows_;
};

}  // namespace exhibit::intake

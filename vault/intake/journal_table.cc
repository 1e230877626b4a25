#include "vault/intake/journal_table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTagAt = 0;
constexpr std::size_t kEntryAt = JournalTag::kSize;
constexpr std::size_t kMarkAt = kEntryAt + 8;
constexpr std::size_t kCheckAt = kMarkAt + JournalMark::kSize;
constexpr std::size_t kCheckBytes = JournalTable::kRowBytes - kCheckAt;
// Rows that are merged however few the others are.
constexpr std::uint64_t kFewRows = 16 * 1024;
// New rows are at most this part of the others. Within a run each row is written some eight times more by merging. Between
// runs fewer stay: all of them are read at each start, and of a million items they were 12 MB.
constexpr std::uint64_t kLargestShare = 8;
constexpr std::uint64_t kShareAfterRun = 64;
constexpr std::size_t kRowsAtOnce = 16 * 1024;
constexpr std::size_t kWindowRows = 128;

Result<std::uint64_t> RowsOf(const FileDescriptor& file, const fs::path& path) {
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  return static_cast<std::uint64_t>(status.st_size) / JournalTable::kRowBytes;
}

JournalTag TagOf(ByteView row) { return *JournalTag::From(row.subspan(kTagAt, JournalTag::kSize)); }
std::uint64_t EntryOf(ByteView row) { return GetU64(row.subspan(kEntryAt)); }

// Rows of a file from front to back.
class RowReader {
 public:
  RowReader(const FileDescriptor& file, const fs::path& path, std::uint64_t rows)
      : file_(file), path_(path), left_(rows) {}
  // Empty after the last one. Valid until the next call.
  Result<ByteView> Next() {
    if (at_ == buffer_.size()) {
      const std::uint64_t rows = std::min<std::uint64_t>(left_, kRowsAtOnce);
      buffer_.resize(static_cast<std::size_t>(rows) * JournalTable::kRowBytes);
      TRY(const std::size_t got, ReadFullAt(file_, offset_, buffer_, path_));
      buffer_.resize(got - got % JournalTable::kRowBytes);
      if (buffer_.empty()) return ByteView();
      offset_ += buffer_.size();
      left_ -= buffer_.size() / JournalTable::kRowBytes;
      at_ = 0;
    }
    const ByteView row = ByteView(buffer_).subspan(at_, JournalTable::kRowBytes);
    at_ += JournalTable::kRowBytes;
    return row;
  }

 private:
  const FileDescriptor& file_;
  const fs::path& path_;
  std::uint64_t left_;
  std::uint64_t offset_ = 0;
  Bytes buffer_;
  std::size_t at_ = 0;
};

// Rows into a new file.
class RowWriter {
 public:
  RowWriter(const FileDescriptor& file, const fs::path& path, std::uint64_t first_entry)
      : file_(file), path_(path), first_entry_(first_entry) {}
  Result<void> Put(ByteView row) {
    if (EntryOf(row) < first_entry_) return {};
    Append(buffer_, row);
    return buffer_.size() < kRowsAtOnce * JournalTable::kRowBytes ? Result<void>() : Flush();
  }
  Result<void> Flush() {
    TRY_VOID(WriteFull(file_, buffer_, path_));
    buffer_.clear();
    return {};
  }

 private:
  const FileDescriptor& file_;
  const fs::path& path_;
  std::uint64_t first_entry_;
  Bytes buffer_;
};

}  // namespace

void JournalTable::NewRows::Add(ByteView row) { Append(bytes_, row); }

std::optional<JournalTable::RowBytes> JournalTable::NewRows::Find(const JournalTag& tag) {
  constexpr std::size_t kFewSearches = 8;
  std::optional<std::size_t> found;
  if (++searches_ <= kFewSearches) {
    for (std::size_t at = count(); at > 0 && !found; --at) {
      if (Equal(row(at - 1).subspan(kTagAt, JournalTag::kSize), tag.view())) found = at - 1;
    }
  } else {
    MakeIndex();
    if (const auto place = index_.find(tag); place != index_.end()) found = place->second;
  }
  if (!found) return std::nullopt;
  RowBytes bytes{};
  std::ranges::copy(row(*found), bytes.begin());
  return bytes;
}

std::vector<ByteView> JournalTable::NewRows::Sorted() {
  MakeIndex();
  std::vector<std::pair<JournalTag, std::size_t>> tags(index_.begin(), index_.end());
  std::ranges::sort(tags);
  std::vector<ByteView> rows;
  rows.reserve(tags.size());
  for (const auto& [tag, at] : tags) rows.push_back(row(at));
  return rows;
}

void JournalTable::NewRows::MakeIndex() {
  index_.reserve(count());
  for (; indexed_ < count(); ++indexed_) index_.insert_or_assign(TagOf(row(indexed_)), indexed_);
}

fs::path JournalTable::NewPath() const { return path_.native() + ".new"; }

Result<JournalTable> JournalTable::Open(fs::path path, crypto::DerivedKey key, std::uint64_t most_rows) {
  TRY_VOID(CreateFolders(path.parent_path()));
  constexpr LockPurpose kPurpose{"is adding to this vault under the same user", "wait until it has finished"};
  TRY(FileLock lock, FileLock::Acquire(path.native() + ".lock", kPurpose, std::chrono::milliseconds(0)));
  JournalTable table(std::move(path), std::move(key), most_rows, std::move(lock));
  TRY_VOID(table.OpenSorted());
  TRY_VOID(table.ReadNew());
  return table;
}

Result<void> JournalTable::OpenSorted() {
  if (IsAbsent(path_)) return {};
  TRY(sorted_, OpenForReading(path_));
  TRY(sorted_rows_, RowsOf(sorted_, path_));
  return {};
}

// What a power cut left of a row at the end goes, so that the next one stands where a row begins.
Result<void> JournalTable::ReadNew() {
  const fs::path path = NewPath();
  new_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!new_) return Fail(SystemError("open", path, errno));
  TRY(const std::uint64_t rows, RowsOf(new_, path));
  if (rows == 0) TRY_VOID(SyncFolder(path.parent_path()));  // its name, if it was made now
  if (::ftruncate(new_.get(), static_cast<off_t>(rows * kRowBytes)) != 0) {
    return Fail(SystemError("truncate", path, errno));
  }
  RowReader reader(new_, path, rows);
  for (;;) {
    TRY(const ByteView row, reader.Next());
    if (row.empty()) return {};
    new_rows_.Add(row);
  }
}

JournalTable::RowBytes JournalTable::Encode(const JournalRow& row) const {
  RowBytes bytes{};
  std::ranges::copy(row.tag.view(), bytes.begin() + kTagAt);
  PutU64(MutableByteView(bytes).subspan(kEntryAt), row.entry);
  std::ranges::copy(row.mark.view(), bytes.begin() + kMarkAt);
  const crypto::Mac mac = crypto::HmacSha256(key_, {ViewOf("row"), ByteView(bytes).first(kCheckAt)});
  std::ranges::copy(mac.view().first(kCheckBytes), bytes.begin() + kCheckAt);
  return bytes;
}

std::optional<JournalRow> JournalTable::Decode(ByteView row) const {
  JournalRow decoded{TagOf(row), EntryOf(row), *JournalMark::From(row.subspan(kMarkAt, JournalMark::kSize))};
  if (!Equal(Encode(decoded), row)) return std::nullopt;
  return decoded;
}

std::optional<JournalRow> JournalTable::Find(const JournalTag& tag) {
  if (const auto found = new_rows_.Find(tag)) return Decode(*found);
  const auto sorted = FindSorted(tag);
  return sorted ? Decode(*sorted) : std::nullopt;
}

// Tags are spread evenly, so the first guess is near; two or three windows are read.
std::optional<JournalTable::RowBytes> JournalTable::FindSorted(const JournalTag& tag) const {
  const auto number = [](const JournalTag& of) { return static_cast<double>(GetU64(of.view())); };
  std::uint64_t low = 0;
  std::uint64_t high = sorted_rows_;
  double least = 0;
  double most = 18446744073709551615.0;
  std::array<std::uint8_t, kWindowRows * kRowBytes> buffer{};
  while (low < high) {
    const double share = most > least ? (number(tag) - least) / (most - least) : 0;
    const auto guess =
        low + static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(high - low - 1));
    const std::uint64_t first = std::max(low, guess - std::min<std::uint64_t>(guess, kWindowRows / 2));
    const std::uint64_t rows = std::min<std::uint64_t>(high - first, kWindowRows);
    const MutableByteView window = MutableByteView(buffer).first(static_cast<std::size_t>(rows) * kRowBytes);
    const auto got = ReadFullAt(sorted_, first * kRowBytes, window, path_);
    if (!got || *got != window.size()) return std::nullopt;
    const auto row = [&](std::uint64_t at) {
      return ByteView(window).subspan(static_cast<std::size_t>(at) * kRowBytes, kRowBytes);
    };
    if (tag < TagOf(row(0))) {
      high = first;
      most = number(TagOf(row(0)));
    } else if (tag > TagOf(row(rows - 1))) {
      low = first + rows;
      least = number(TagOf(row(rows - 1)));
    } else {
      std::uint64_t at = 0;
      while (at < rows && TagOf(row(at)) < tag) ++at;
      if (at == rows || TagOf(row(at)) != tag) return std::nullopt;
      RowBytes found{};
      std::ranges::copy(row(at), found.begin());
      return found;
    }
  }
  return std::nullopt;
}

Result<void> JournalTable::Put(std::span<const JournalRow> rows, Lasting lasting) {
  Bytes bytes;
  for (const JournalRow& row : rows) {
    const RowBytes encoded = Encode(row);
    Append(bytes, encoded);
    new_rows_.Add(encoded);
  }
  TRY_VOID(WriteFull(new_, bytes, NewPath()));
  if (lasting == Lasting::kNow && ::fdatasync(new_.get()) != 0) return Fail(SystemError("sync", NewPath(), errno));
  return MergeIfMoreThan(sorted_rows_ / kLargestShare);
}

Result<void> JournalTable::Settle() { return MergeIfMoreThan(sorted_rows_ / kShareAfterRun); }

Result<void> JournalTable::MergeIfMoreThan(std::uint64_t rows) {
  return new_rows_.count() > std::max(kFewRows, rows) ? Merge() : Result<void>();
}

// From which entry on rows are kept, where there are too many: three quarters of what may be stay.
Result<std::uint64_t> JournalTable::FirstKeptEntry(std::uint64_t rows) {
  if (rows <= most_rows_) return std::uint64_t{0};
  std::vector<std::uint64_t> entries;
  for (const ByteView row : new_rows_.Sorted()) entries.push_back(EntryOf(row));
  RowReader reader(sorted_, path_, sorted_rows_);
  for (;;) {
    TRY(const ByteView row, reader.Next());
    if (row.empty()) break;
    entries.push_back(EntryOf(row));
  }
  const auto first = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() - most_rows_ / 4 * 3);
  std::nth_element(entries.begin(), first, entries.end());
  return *first;
}

Result<void> JournalTable::Merge() {
  const std::vector<ByteView> more = new_rows_.Sorted();
  TRY(const std::uint64_t first_entry, FirstKeptEntry(sorted_rows_ + more.size()));

  const fs::path temporary = path_.native() + ".merging";
  (void)::unlink(temporary.c_str());  // of a merge that was killed; we hold the lock
  TRY(FileDescriptor merged, CreateNew(temporary, 0600));
  RowWriter writer(merged, temporary, first_entry);
  RowReader reader(sorted_, path_, sorted_rows_);
  auto next = more.begin();
  for (;;) {
    TRY(const ByteView row, reader.Next());
    for (; next != more.end() && (row.empty() || TagOf(*next) < TagOf(row)); ++next) TRY_VOID(writer.Put(*next));
    if (row.empty()) break;
    if (next == more.end() || TagOf(*next) != TagOf(row)) TRY_VOID(writer.Put(row));
  }
  TRY_VOID(writer.Flush());
  TRY_VOID(SyncFile(merged, temporary));
  if (::rename(temporary.c_str(), path_.c_str()) != 0) return Fail(SystemError("rename to", path_, errno));
  TRY_VOID(SyncFolder(path_.parent_path()));
  // Until here the new rows are in both files, and say the same.
  if (::ftruncate(new_.get(), 0) != 0) return Fail(SystemError("truncate", NewPath(), errno));
  new_rows_.Clear();
  sorted_ = FileDescriptor();
  return OpenSorted();
}

}  // namespace exhibit::intake

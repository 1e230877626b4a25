#include "vault/base/sparse_file.h"

#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "vault/base/zeros.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1 << 20;
// What most file systems leave out at least. Where their blocks are larger, they write zeros around the data themselves.
constexpr std::uint64_t kHoleBytes = 4096;

bool IsOnZfs(const FileDescriptor& file) {
  constexpr decltype(::statfs::f_type) kZfsMagic = 0x2fc12fc1;  // in no header of Linux
  struct ::statfs status {};
  return ::fstatfs(file.get(), &status) != 0 || status.f_type == kZfsMagic;
}

struct Run {
  std::size_t bytes;
  bool is_zero;
};

// The longest run of blocks at the front of `bytes` that are all zeros, or all not. `offset` is where in the file they go:
// blocks begin at its multiples of kHoleBytes.
Run FirstRun(ByteView bytes, std::uint64_t offset) {
  Run run{0, false};
  while (run.bytes < bytes.size()) {
    const std::uint64_t to_boundary = kHoleBytes - (offset + run.bytes) % kHoleBytes;
    const ByteView block = bytes.subspan(
        run.bytes, static_cast<std::size_t>(std::min<std::uint64_t>(to_boundary, bytes.size() - run.bytes)));
    const bool is_zero = IsZero(block);
    if (run.bytes > 0 && is_zero != run.is_zero) break;
    run = {run.bytes + block.size(), is_zero};
  }
  return run;
}

}  // namespace

HolePasser::HolePasser(const FileDescriptor& file, const struct ::stat& status) {
  constexpr std::int64_t kBlock = 512;  // of st_blocks, whatever the file system's are
  may_have_holes_ = S_ISREG(status.st_mode) && status.st_blocks * kBlock < status.st_size && !IsOnZfs(file);
}

bool HolePasser::IsHole(const FileDescriptor& file, std::uint64_t offset, std::uint64_t bytes) const {
  if (!may_have_holes_) return false;
  off_t end = ::lseek(file.get(), static_cast<off_t>(offset), SEEK_DATA);
  if (end < 0 && errno == ENXIO) end = ::lseek(file.get(), 0, SEEK_END);  // no data follows
  return end >= static_cast<off_t>(offset + bytes);
}

bool HolePasser::PassOver(const FileDescriptor& file, std::uint64_t bytes) const {
  if (!may_have_holes_) return false;
  const off_t at = ::lseek(file.get(), 0, SEEK_CUR);
  if (at < 0) return false;
  const bool passes = IsHole(file, static_cast<std::uint64_t>(at), bytes);
  const off_t next = passes ? at + static_cast<off_t>(bytes) : at;
  return ::lseek(file.get(), next, SEEK_SET) == next && passes;
}

PieceReader::PieceReader(FileDescriptor file, fs::path path, const struct ::stat& status)
    : file_(std::move(file)),
      path_(std::move(path)),
      holes_(file_, status),
      // One byte larger than a small file, to find its end by one call.
      buffer_(static_cast<std::size_t>(
          std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size) + 1, kPieceBytes))) {}

Result<PieceReader> PieceReader::Open(fs::path path) {
  TRY(FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, "not a plain file");
  return PieceReader(std::move(file), std::move(path), status);
}

Result<ByteView> PieceReader::Next() {
  if (ended_) return ByteView();
  if (holes_.PassOver(file_, kPieceBytes)) return Zeros(kPieceBytes);
  TRY(const std::size_t got, ReadFull(file_, buffer_, path_));
  ended_ = got < buffer_.size();
  return ByteView(buffer_).first(got);
}

SparseWriter::SparseWriter(FileDescriptor file, fs::path path, ZeroBlocks zeros)
    : file_(std::move(file)), path_(std::move(path)), zeros_(zeros) {}

Result<void> SparseWriter::Write(ByteView bytes) {
  while (!bytes.empty()) {
    const Run run = zeros_ == ZeroBlocks::kBecomeHoles ? FirstRun(bytes, bytes_) : Run{bytes.size(), false};
    if (!run.is_zero) {
      TRY_VOID(WriteFull(file_, bytes.first(run.bytes), path_));
      written_bytes_ += run.bytes;
    } else if (::lseek(file_.get(), static_cast<off_t>(run.bytes), SEEK_CUR) < 0) {
      return Fail(SystemError("write", path_, errno));
    }
    ends_in_hole_ = run.is_zero;
    bytes_ += run.bytes;
    bytes = bytes.subspan(run.bytes);
  }
  return {};
}

Result<void> SparseWriter::Finish() {
  if (!std::exchange(ends_in_hole_, false)) return {};
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) == 0) return {};
  return Fail(SystemError("write", path_, errno));
}

}  // namespace exhibit

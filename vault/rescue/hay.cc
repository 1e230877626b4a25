#include "vault/rescue/hay.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "vault/base/text.h"
#include "vault/store/packs.h"

namespace exhibit::rescue {
namespace {

constexpr std::size_t kSector = 4096;
constexpr std::size_t kMostOpen = 64;

// How many bytes from `offset` on were read; -1 where the disk refuses the first of them.
ssize_t ReadSome(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer) {
  for (;;) {
    const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (got >= 0 || errno != EINTR) return got;
  }
}

}  // namespace

Result<HayFile> HayFile::Open(const std::filesystem::path& path) {
  TRY(FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, Printable(path.native()) + " is not a plain file");
  return HayFile(path, std::move(file), static_cast<std::uint64_t>(status.st_size));
}

Bytes HayFile::Read(ByteRange range) const {
  if (range.offset >= size_) return {};
  Bytes bytes(static_cast<std::size_t>(std::min(range.bytes, size_ - range.offset)));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const MutableByteView rest = MutableByteView(bytes).subspan(done);
    const ssize_t got = ReadSome(file_, range.offset + done, rest);
    if (got > 0) {
      done += static_cast<std::size_t>(got);
      continue;
    }
    if (got == 0) {  // it became shorter
      bytes.resize(done);
      break;
    }
    // Up to the next bad sector the first read may have failed for the whole of it.
    const std::size_t step = std::min(rest.size(), kSector - (range.offset + done) % kSector);
    if (ReadSome(file_, range.offset + done, rest.first(step)) != static_cast<ssize_t>(step))
      std::ranges::fill(rest.first(step), std::uint8_t{0});
    done += step;
  }
  return bytes;
}

const HayFile* PackFiles::File(std::uint64_t pack) const {
  const auto known = open_.find(pack);
  if (known != open_.end()) return known->second.get();
  const auto path = paths_.find(pack);
  if (path == paths_.end()) return nullptr;
  if (open_.size() >= kMostOpen) open_.clear();
  auto file = HayFile::Open(path->second);
  auto& place = open_[pack];
  if (file) place = std::make_unique<HayFile>(std::move(*file));
  return place.get();
}

std::uint64_t BytesOf(std::span<const store::Extent> extents) {
  std::uint64_t bytes = 0;
  for (const store::Extent& extent : extents) bytes += extent.bytes;
  return bytes;
}

std::uint64_t PackFiles::SizeOf(std::uint64_t pack) const {
  const HayFile* const file = File(pack);
  return file == nullptr ? 0 : file->size();
}

bool PackFiles::HasAny(std::span<const store::Extent> extents) const {
  return std::ranges::any_of(extents, [&](const store::Extent& extent) { return SizeOf(extent.pack) > extent.offset; });
}

Bytes PackFiles::Read(std::span<const store::Extent> extents, ByteRange range) const {
  Bytes bytes(static_cast<std::size_t>(range.bytes));
  MutableByteView rest = bytes;
  std::uint64_t skip = range.offset;
  for (const store::Extent& extent : extents) {
    if (rest.empty()) break;
    if (skip >= extent.bytes) {
      skip -= extent.bytes;
      continue;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), extent.bytes - skip));
    if (const HayFile* const file = File(extent.pack)) {
      const Bytes read = file->Read({extent.offset + skip, size});
      std::ranges::copy(read, rest.begin());
    }
    rest = rest.subspan(size);
    skip = 0;
  }
  return bytes;
}

std::vector<store::Extent> PackFiles::From(std::uint64_t pack, std::uint64_t offset, std::uint64_t bytes) const {
  std::vector<store::Extent> extents;
  while (bytes > 0) {
    // All packs but the last are full, or were.
    const std::uint64_t size = paths_.contains(pack + 1) ? store::PackLimit(pack) : SizeOf(pack);
    if (offset >= size) break;
    extents.push_back({pack, offset, std::min(bytes, size - offset)});
    bytes -= extents.back().bytes;
    ++pack;
    offset = 0;
  }
  return extents;
}

}  // namespace exhibit::rescue

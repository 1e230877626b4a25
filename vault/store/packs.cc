#include "vault/store/packs.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/names.h"
#include "vault/store/pack_stage.h"

namespace exhibit::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOpen = 16;
constexpr std::size_t kNameDigits = 6;
constexpr std::uint64_t kZerosAtOnce = 1 << 20;

fs::path FolderIn(const fs::path& store_folder) { return store_folder / "packs"; }

std::string NameOf(std::uint64_t pack) {
  std::string name = std::to_string(pack);
  if (name.size() < kNameDigits) name.insert(0, kNameDigits - name.size(), '0');
  return name;
}

// Exactly what NameOf writes.
std::optional<std::uint64_t> NumberOf(std::string_view name) {
  const std::size_t zeros = std::min(name.find_first_not_of('0'), name.size());
  const auto number = FromDecimal(name.substr(zeros));
  if (!number || NameOf(*number) != name) return std::nullopt;
  return *number;
}

Result<void> ReadAt(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer, const fs::path& path) {
  TRY(const std::size_t got, ReadFullAt(file, offset, buffer, path));
  if (got == buffer.size()) return {};
  return Fail(ErrorCode::kTampered, Printable(path.native()) + " ends too early: it was cut off");
}

Result<void> WriteZeros(const FileDescriptor& file, const Extent& extent, const fs::path& path) {
  const Bytes zeros(static_cast<std::size_t>(std::min(kZerosAtOnce, extent.bytes)), 0);
  for (std::uint64_t done = 0; done < extent.bytes;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), extent.bytes - done));
    const ssize_t put = ::pwrite(file.get(), zeros.data(), size, static_cast<off_t>(extent.offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Fail(SystemError("overwrite", path, errno));
    done += static_cast<std::uint64_t>(put);
  }
  return SyncFile(file, path);
}

}  // namespace

std::uint64_t PackLimit(std::uint64_t pack) {
  constexpr std::uint64_t kGroup = 64;
  constexpr std::uint64_t kMostDoublings = 20;
  return std::uint64_t{1} << (30 + std::min((pack - 1) / kGroup, kMostDoublings));
}

std::vector<Extent> FirstBytes(std::span<const Extent> extents, std::uint64_t bytes) {
  std::vector<Extent> first;
  for (const Extent& extent : extents) {
    if (bytes == 0) break;
    first.push_back({extent.pack, extent.offset, std::min(extent.bytes, bytes)});
    bytes -= first.back().bytes;
  }
  return first;
}

Packs::Packs(fs::path store_folder, PackEnd end) : folder_(FolderIn(store_folder)), end_(end) {}

Result<void> Packs::Create(const fs::path& store_folder) { return CreateFolders(FolderIn(store_folder)); }

fs::path Packs::PathOf(std::uint64_t pack) const { return folder_ / NameOf(pack); }

Result<std::shared_ptr<const FileDescriptor>> Packs::OpenToRead(std::uint64_t pack) const {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(pack);
  if (found != open_.end()) return found->second;
  auto file = OpenForReading(PathOf(pack));
  if (!file && file.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kTampered, Format("pack {} is missing: {}", NameOf(pack), file.error().message));
  }
  if (!file) return Fail(std::move(file).error());
  // Mostly the newest are read, or all in their order.
  if (open_.size() >= kMostOpen) open_.erase(open_.begin());
  return open_[pack] = std::make_shared<const FileDescriptor>(std::move(*file));
}

Result<Bytes> Packs::Read(std::span<const Extent> extents, ByteRange range) const {
  Bytes bytes(static_cast<std::size_t>(range.bytes));
  TRY_VOID(ReadInto(extents, range.offset, bytes));
  return bytes;
}

Result<void> Packs::ReadInto(std::span<const Extent> extents, std::uint64_t offset, MutableByteView into) const {
  MutableByteView rest = into;
  std::uint64_t skip = offset;
  for (const Extent& extent : extents) {
    if (rest.empty()) break;
    if (skip >= extent.bytes) {
      skip -= extent.bytes;
      continue;
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), extent.bytes - skip));
    TRY(const auto file, OpenToRead(extent.pack));
    TRY_VOID(ReadAt(*file, extent.offset + skip, rest.first(size), PathOf(extent.pack)));
    rest = rest.subspan(size);
    skip = 0;
  }
  if (rest.empty()) return {};
  return Fail(ErrorCode::kTampered, "the sealed file ends before");
}

Result<void> Packs::CheckNotFrozen() const {
  if (is_frozen_) return Fail(UnknownOutcome());
  return {};
}

Result<std::unique_ptr<SealedStage>> Packs::NewStage() {
  TRY_VOID(CheckNotFrozen());
  return std::make_unique<PackStage>(*this);
}

void Packs::Commit(PackEnd end) { end_ = std::max(end_, end); }

Result<std::vector<Extent>> Packs::AfterEnd() const {
  TRY(const Listing found, List());
  std::vector<Extent> extents;
  for (const auto& [pack, size] : found.sizes) {
    const std::uint64_t begin = pack == end_.pack ? end_.bytes : 0;
    if (pack >= end_.pack && size > begin) extents.push_back({pack, begin, size - begin});
  }
  return extents;
}

Result<void> Packs::CutAtEnd() {
  TRY_VOID(CheckNotFrozen());
  TRY(const Listing found, List());
  for (auto pack = found.sizes.rbegin(); pack != found.sizes.rend() && pack->first >= end_.pack; ++pack) {
    const fs::path path = PathOf(pack->first);
    if (pack->first > end_.pack) {
      if (::unlink(path.c_str()) != 0) return Fail(SystemError("remove", path, errno));
    } else if (pack->second > end_.bytes) {
      if (::truncate(path.c_str(), static_cast<off_t>(end_.bytes)) != 0) return Fail(SystemError("cut", path, errno));
    }
  }
  return {};
}

Result<void> Packs::Overwrite(std::span<const Extent> extents) const {
  for (const Extent& extent : extents) {
    const fs::path path = PathOf(extent.pack);
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return Fail(SystemError("open", path, errno));
    TRY_VOID(WriteZeros(file, extent, path));
    // Not needed for safety: the zeros are on the disk already, and many file systems have no holes.
    (void)::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(extent.offset),
                      static_cast<off_t>(extent.bytes));
  }
  return {};
}

Result<Packs::Listing> Packs::List() const {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    const std::string name = file->path().filename().native();
    const auto number = NumberOf(name);
    std::error_code ignored;
    const bool is_file = file->symlink_status(ignored).type() == fs::file_type::regular;
    if (!number || *number == 0 || !is_file) {
      listing.others.push_back(name);
      continue;
    }
    listing.sizes[*number] = file->file_size(error);
  }
  if (error) return Fail(SystemError("list", folder_, error.value()));
  return listing;
}

}  // namespace exhibit::store

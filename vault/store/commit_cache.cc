#include "vault/store/commit_cache.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/base/text.h"
#include "vault/crypto/random.h"
#include "vault/store/commit_object.h"

namespace exhibit::store {

namespace fs = std::filesystem;

fs::path CommitCache::PathOf(std::uint64_t n) const {
  return folder_ / "log" / Format("{:03}", n / 1'000'000) / Format("{:03}", n / 1000 % 1000) /
         Format("{:03}.commit", n % 1000);
}

Result<std::optional<Bytes>> CommitCache::Read(std::uint64_t n) const {
  return ReadIfThere(PathOf(n), kMaxCommitBytes);
}

Result<Bytes> CommitCache::ReadStretch(std::uint64_t n, ByteRange range) const {
  const fs::path path = PathOf(n);
  TRY(const FileDescriptor file, OpenForReading(path));
  Bytes bytes(static_cast<std::size_t>(range.bytes));
  TRY(const std::size_t read, ReadFullAt(file, range.offset, bytes, path));
  if (read == bytes.size()) return bytes;
  return Fail(ErrorCode::kTampered, Format("the copy of commit {} in {} was cut off", n, Printable(path.native())),
              "it is a cache: remove the file, and run the command again");
}

Result<void> CommitCache::Keep(std::uint64_t n, ByteView commit) const {
  const fs::path path = PathOf(n);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return Fail(SystemError("create", path.parent_path(), error.value()));
  Bytes random(8);
  crypto::FillRandom(random);
  const fs::path under_way = path.parent_path() / ("." + ToHex(random));
  TRY(const FileDescriptor file, CreateNew(under_way, 0600));
  auto written = WriteFull(file, commit, under_way);
  if (written) {
    fs::rename(under_way, path, error);
    if (!error) return {};
    written = Fail(SystemError("rename", under_way, error.value()));
  }
  fs::remove(under_way, error);
  return written;
}

Result<void> CommitCache::DropFrom(std::uint64_t n) const {
  for (;; ++n) {
    std::error_code error;
    const bool was_there = fs::remove(PathOf(n), error);
    if (error) return Fail(SystemError("remove", PathOf(n), error.value()));
    if (!was_there) return {};
  }
}

}  // namespace exhibit::store

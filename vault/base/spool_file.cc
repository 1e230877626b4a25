#include "vault/base/spool_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "vault/base/text.h"

namespace exhibit {

Result<SpoolFile> SpoolFile::Make(const std::filesystem::path& folder) {
  constexpr mode_t kOwner = 0600;
  std::filesystem::path path = folder / "spool";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwner));
  if (!file) return Fail(SystemError("create", path, errno));
  if (::unlink(path.c_str()) != 0) return Fail(SystemError("remove", path, errno));
  return SpoolFile(std::move(file), std::move(path));
}

Result<ByteRange> SpoolFile::Append(std::string_view piece) {
  constexpr std::size_t kWorthACall = 256 << 10;
  const ByteRange range{bytes_, piece.size()};
  unwritten_ += piece;
  bytes_ += piece.size();
  if (unwritten_.size() >= kWorthACall) TRY_VOID(Finish());
  return range;
}

Result<void> SpoolFile::Finish() {
  TRY_VOID(WriteFull(file_, ViewOf(unwritten_), path_));
  unwritten_.clear();
  return {};
}

Result<std::string> SpoolFile::Read(ByteRange range) const {
  EXHIBIT_ASSERT(unwritten_.empty());
  Bytes bytes(static_cast<std::size_t>(range.bytes));
  TRY(const std::size_t got, ReadFullAt(file_, range.offset, bytes, path_));
  if (got < bytes.size()) return Fail(SystemError("read", path_, EIO));
  return std::string(TextOf(bytes));
}

}  // namespace exhibit

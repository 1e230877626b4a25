#include "vault/bundle/container_writer.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>

#include "vault/base/file.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/bundle/tar_writer.h"
#include "vault/bundle/zip_writer.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = 1 << 20;

// Appends the bytes of a file, which must be as long as `size`. Returns their checksum.
Result<std::uint32_t> Copy(const FileDescriptor& from, const fs::path& path, std::uint64_t bytes,
                           const FileDescriptor& to, const fs::path& container, const std::atomic<bool>* interrupted) {
  uLong crc = 0;
  Bytes buffer;
  while (bytes > 0) {
    TRY_VOID(StopIfAsked(interrupted));
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kPieceBytes)));
    TRY(const std::size_t got, ReadFull(from, buffer, path));
    if (got != buffer.size())
      return Fail(ErrorCode::kIo, Printable(path.native()) + " became shorter while it was packed");
    crc = ::crc32_z(crc, buffer.data(), buffer.size());
    TRY_VOID(WriteFull(to, buffer, container));
    bytes -= got;
  }
  return static_cast<std::uint32_t>(crc);
}

Result<void> OverwriteAt(const FileDescriptor& file, std::uint64_t offset, ByteView bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Fail(SystemError("write", path, errno));
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

}  // namespace

Result<void> WriteContainer(const fs::path& folder, const std::vector<std::string>& names, const std::string& top,
                            ContainerForm form, const fs::path& container, const std::atomic<bool>* interrupted) {
  TRY(const FileDescriptor out, CreateNew(container, 0600));
  std::uint64_t at = 0;
  const auto write = [&](ByteView bytes) -> Result<void> {
    at += bytes.size();
    return WriteFull(out, bytes, container);
  };
  ZipList list;
  for (const std::string& name : names) {
    const fs::path path = folder / name;
    TRY(const FileDescriptor file, OpenForReading(path));
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
    PackedFile packed{top + "/" + name, static_cast<std::uint64_t>(status.st_size), status.st_mtime, 0, at};
    TRY_VOID(write(form == ContainerForm::kTar ? TarHeader(packed) : ZipHeader(packed)));
    TRY(packed.crc, Copy(file, path, packed.size, out, container, interrupted));
    at += packed.size;
    if (form == ContainerForm::kTar) {
      TRY_VOID(write(TarFilling(packed.size)));
    } else {
      // The checksum is known now.
      TRY_VOID(OverwriteAt(out, packed.offset, ZipHeader(packed), container));
      list.Add(packed);
    }
  }
  TRY_VOID(write(form == ContainerForm::kTar ? TarEnd(at) : list.Finish(at)));
  return SyncFile(out, container);
}

}  // namespace exhibit::bundle

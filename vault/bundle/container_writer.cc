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
#include "vault/base/sparse_file.h"
#include "vault/base/text.h"
#include "vault/bundle/tar_writer.h"
#include "vault/bundle/zip_writer.h"

namespace exhibit::bundle {
namespace {

namespace fs = std::filesystem;

// Appends the bytes of a file, which must have as many. Returns their checksum, which only a zip has.
Result<std::uint32_t> Copy(const fs::path& path, std::uint64_t bytes, ContainerForm form, SparseWriter& to,
                           const std::atomic<bool>* interrupted) {
  TRY(PieceReader from, PieceReader::Open(path));
  uLong crc = 0;
  for (;;) {
    TRY_VOID(StopIfAsked(interrupted));
    TRY(const ByteView piece, from.Next());
    if (piece.empty() && bytes == 0) return static_cast<std::uint32_t>(crc);
    if (piece.empty() || piece.size() > bytes)
      return Fail(ErrorCode::kIo, Printable(path.native()) + " became longer or shorter while it was packed");
    if (form == ContainerForm::kZip) crc = ::crc32_z(crc, piece.data(), piece.size());
    TRY_VOID(to.Write(piece));
    bytes -= piece.size();
  }
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
  TRY(FileDescriptor created, CreateNew(container, 0600));
  // A container is a file of our own, and takes no more room than what is packed: a folder's files may have holes.
  SparseWriter out(std::move(created), container, ZeroBlocks::kBecomeHoles);
  ZipList list;
  for (const std::string& name : names) {
    const fs::path path = folder / name;
    struct ::stat status {};
    if (::lstat(path.c_str(), &status) != 0) return Fail(SystemError("look at", path, errno));
    PackedFile packed{top + "/" + name, static_cast<std::uint64_t>(status.st_size), status.st_mtime, 0, out.bytes()};
    TRY_VOID(out.Write(form == ContainerForm::kTar ? TarHeader(packed) : ZipHeader(packed)));
    TRY(packed.crc, Copy(path, packed.size, form, out, interrupted));
    if (form == ContainerForm::kTar) {
      TRY_VOID(out.Write(TarFilling(packed.size)));
    } else {
      // The checksum is known now.
      TRY_VOID(OverwriteAt(out.file(), packed.offset, ZipHeader(packed), container));
      list.Add(packed);
    }
  }
  TRY_VOID(out.Write(form == ContainerForm::kTar ? TarEnd(out.bytes()) : list.Finish(out.bytes())));
  TRY_VOID(out.Finish());
  return SyncFile(out.file(), container);
}

}  // namespace exhibit::bundle

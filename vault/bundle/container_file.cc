#include "vault/bundle/container_file.h"

#include <sys/stat.h>

#include <cerrno>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

Failure CannotRead(std::string_view what, std::string_view why) {
  return Fail(ErrorCode::kInvalid, Format("cannot be read in this form: {}: {}", PrintableUpTo(200, what), why),
              "unpack it with your own tool, and check the folder that it makes");
}

Failure Refuse(std::string_view name, std::string_view why, std::string_view hint) {
  return Fail(ErrorCode::kTampered, Format("refused: \"{}\": {}", PrintableUpTo(200, name), why), std::string(hint));
}

Result<void> CheckCount(std::uint64_t members, std::string_view name) {
  if (members > kMaxMembers) return CannotRead(name, "more than 1,000,000 files and folders");
  return {};
}

Result<ContainerFile> ContainerFile::Open(const fs::path& path) {
  TRY(FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, Printable(path.native()) + " is not a plain file");
  return ContainerFile(path, std::move(file), status);
}

Result<void> ContainerFile::ReadAt(std::uint64_t offset, MutableByteView into) const {
  EXHIBIT_ASSERT(Has(offset, into.size()));
  TRY(const std::size_t got, ReadFullAt(file_, offset, into, path_));
  if (got < into.size()) return Fail(ErrorCode::kIo, Printable(path_.native()) + " became shorter while it was read");
  return {};
}

Result<Bytes> ContainerFile::ReadAt(std::uint64_t offset, std::uint64_t bytes) const {
  Bytes read(static_cast<std::size_t>(bytes));
  TRY_VOID(ReadAt(offset, MutableByteView(read)));
  return read;
}

}  // namespace exhibit::bundle

// A container on the disk, and the two ways to refuse one.
//
// The two must not be mixed up. If somebody packed with an option that we do not read, nothing was changed, and the
// message says what to do (CannotRead). If no packing tool writes such bytes and no cut explains them, somebody put
// them there (Refuse).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/sparse_file.h"

namespace exhibit::bundle {

// A file or folder as the index of a container lists it, by zip_index.h or tar_index.h.
struct Member {
  enum class Kind : std::uint8_t { kFile, kFolder };
  enum class Method : std::uint8_t { kStored, kDeflated };
  std::string name;  // as in the container; a folder's without the slash at the end
  Kind kind = Kind::kFile;
  Method method = Method::kStored;
  std::uint64_t offset = 0;  // of its bytes in the container
  std::uint64_t packed = 0;  // how many they are
  std::uint64_t size = 0;    // how many they unpack to
  bool has_crc = false;      // a zip's have one
  std::uint32_t crc = 0;
};

// All names are kept in memory, to find one that is there twice.
inline constexpr std::size_t kMaxMembers = 1'000'000;

// kInvalid: it cannot be read in this form, and nothing shows that it was changed.
Failure CannotRead(std::string_view what, std::string_view why);
// kTampered: no packing tool writes this, or it contradicts itself, or unpackers differ in what they make of it. The hint says
// how to pack anew, where an honest tool with an option of its own may have written it.
Failure Refuse(std::string_view name, std::string_view why, std::string_view hint = {});
// CannotRead with the limit, once there are more than kMaxMembers.
Result<void> CheckCount(std::uint64_t members, std::string_view name);

class ContainerFile {
 public:
  // kInvalid if it is not a plain file.
  static Result<ContainerFile> Open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  // REQUIRES: they lie within size(). kIo if the file has become shorter.
  Result<void> ReadAt(std::uint64_t offset, MutableByteView into) const;
  Result<Bytes> ReadAt(std::uint64_t offset, std::uint64_t bytes) const;
  // Whether they are zeros for which the disk has no blocks, so that nobody need read them.
  bool IsHole(std::uint64_t offset, std::uint64_t bytes) const { return holes_.IsHole(file_, offset, bytes); }
  // Whether `bytes` from `offset` on lie within the file.
  bool Has(std::uint64_t offset, std::uint64_t bytes) const { return offset <= size_ && bytes <= size_ - offset; }

 private:
  ContainerFile(std::filesystem::path path, FileDescriptor file, const struct ::stat& status)
      : path_(std::move(path)),
        file_(std::move(file)),
        holes_(file_, status),
        size_(static_cast<std::uint64_t>(status.st_size)) {}
  std::filesystem::path path_;
  FileDescriptor file_;
  HolePasser holes_;
  std::uint64_t size_;
};

}  // namespace exhibit::bundle

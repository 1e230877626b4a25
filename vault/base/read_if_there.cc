#include "vault/base/read_if_there.h"

#include "vault/base/file.h"

namespace exhibit {

Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  auto read = ReadFile(path, limit_bytes);
  if (read) return std::optional(std::move(*read));
  if (read.error().code == ErrorCode::kNotFound) return std::optional<Bytes>();
  return Fail(std::move(read).error());
}

}  // namespace exhibit

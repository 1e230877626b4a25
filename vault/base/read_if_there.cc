#include "vault/base/read_if_there.h"

#include "vault/base/file.h"

namespace exhibit {

Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  return NothingIfAbsent(ReadFile(path, limit_bytes));
}

}  // namespace exhibit

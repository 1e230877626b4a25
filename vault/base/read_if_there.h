// What need not be there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

// What was read; nothing for kNotFound.
template <typename T>
Result<std::optional<T>> NothingIfAbsent(Result<T> read) {
  if (read) return std::optional<T>(std::move(*read));
  if (read.error().code == ErrorCode::kNotFound) return std::optional<T>();
  return Fail(std::move(read).error());
}

// Nothing if there is no such file. Else as ReadFile (base/file.h).
Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::uint64_t limit_bytes);

}  // namespace exhibit

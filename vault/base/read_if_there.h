// A file that need not be there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

// Nothing if there is no such file. Else as ReadFile (base/file.h).
Result<std::optional<Bytes>> ReadIfThere(const std::filesystem::path& path, std::uint64_t limit_bytes);

}  // namespace exhibit

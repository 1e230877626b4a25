// Replacing a file atomically where nobody waits for it to be durable.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

// As ReplaceFile (file.h), but for the sync of the folder: after a power cut soon after it returned, the file is the old
// one or the new one, whole.
Result<void> ReplaceFileAtSomeTime(const std::filesystem::path& path, ByteView bytes, mode_t mode);

}  // namespace exhibit

// Text that a transfer tool converted: LF became CRLF, or CRLF became LF. It is not the file that was signed,
// but its receiver should hear what happened, and that a copy in binary mode helps.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vault/base/bytes.h"

namespace exhibit::bundle {

// The text with every CRLF made LF; nothing if there is none.
std::optional<std::string> WithLineFeeds(ByteView text);

// Whether the file has this SHA-256, in hex, once its line ends are converted back. False for files above 64 MiB.
bool DiffersByLineEnds(const std::filesystem::path& file, std::string_view sha256);

inline constexpr std::string_view kLineEndsConverted = "its line ends were converted on the way (copy it as binary)";

}  // namespace exhibit::bundle

// Text that a transfer tool converted: LF became CRLF, or CRLF became LF. It is another file, and not what was signed;
// but whoever receives it should hear how that came about, and that a copy in binary will do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vault/base/bytes.h"

namespace exhibit::bundle {

// The text with every CRLF made LF; nothing if there is none.
std::optional<std::string> WithLineFeeds(ByteView text);

// Whether the file has this SHA-256, in hex, but for its line ends. Files above 64 MiB are not looked at.
bool DiffersByLineEnds(const std::filesystem::path& file, std::string_view sha256);

inline constexpr std::string_view kLineEndsConverted = "its line ends were converted on the way (copy it as binary)";

}  // namespace exhibit::bundle

// What the program says it is. The build defines EXHIBIT_VERSION.
#pragma once

namespace exhibit::cli {

inline constexpr const char* kVersion =
    "exhibit " EXHIBIT_VERSION "\nentry format 1, store format 1, age-encryption.org/v1, c2sp.org/tlog-proof@v1";

}  // namespace exhibit::cli

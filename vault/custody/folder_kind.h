// What a folder is that the program made, where another one was asked for: each of these holds a part of a log, and read as
// what it is not it would look damaged.
#pragma once

#include <filesystem>
#include <string_view>

namespace exhibit::custody {

inline constexpr std::string_view kVaultFolder = "a vault";
inline constexpr std::string_view kCollectorFolder = "a collector's folder";
inline constexpr std::string_view kBundleFolder = "a bundle";
inline constexpr std::string_view kLogOfBundle = "the log of a bundle";
inline constexpr std::string_view kKitFolder = "a kit";

// One of these; empty for what is none of them, and for what is not there.
std::string_view KindOfFolder(const std::filesystem::path& folder);

}  // namespace exhibit::custody

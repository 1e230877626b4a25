// Which file of a bundle is what, by its name. layout.h draws them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exhibit::bundle {

// The N of "data/N-name" or "proof/N.kind".
std::optional<std::uint64_t> NumberIn(std::string_view path);

// The bag's own files, the keys, and the files for people.
bool IsTagFile(std::string_view path);

// Files that are made for people to read and prove nothing.
bool IsCompanion(std::string_view path);

// "data/N.age" of any N.
bool IsSealedFile(std::string_view path);

// True if a file of entry `number` may have this name. Entry 0 has only the files that every entry has.
bool IsOfEntry(const std::string& path, std::uint64_t number);
// The entry itself and its proof, which every entry has.
bool IsOfAnyEntry(const std::string& path, std::uint64_t number);
// An original or its metadata, which must be compared with the sealed file.
bool IsReadable(const std::string& path, std::uint64_t number);

}  // namespace exhibit::bundle

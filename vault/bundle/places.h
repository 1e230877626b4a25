// Which file of a bundle is what: each has its place, or none. layout.h draws them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exhibit::bundle {

// The N of "data/N-name" or "proof/N.kind".
std::optional<std::uint64_t> NumberIn(std::string_view path);

// The bag's own files, the keys, and what is for people.
bool IsTagFile(std::string_view path);

// What is made for people to read, and proves nothing.
bool IsCompanion(std::string_view path);

// "data/N.age" of any N.
bool IsSealedFile(std::string_view path);

// A name that a file of entry `number` has. Of entry 0 there are no others than those of any entry.
bool IsOfEntry(const std::string& path, std::uint64_t number);
// The entry itself and its proof, which every entry has.
bool IsOfAnyEntry(const std::string& path, std::uint64_t number);
// An original or its metadata, which are believed only once they were compared with what is sealed.
bool IsReadable(const std::string& path, std::uint64_t number);

}  // namespace exhibit::bundle

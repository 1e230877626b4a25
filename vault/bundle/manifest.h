// A manifest of a bag (RFC 8493, sections 2.1.3 and 2.2.1): which files there are, and what each hashes to.
//
//   written   *( 64 or, of SHA-512, 128 lower-case hex digits; two spaces, name, line feed )
//   read      also digits in upper case, other blanks, a "*" before the name, and CRLF: RFC 8493 allows them, other
//             tools write them, and none of it changes what is listed
//
// A name is relative, with "/" between its parts. A sender chose it, and it becomes a path:
// only names that cannot lead out of the bag or mean two things are read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::bundle {

// Hashes in hex, by name; all of one algorithm.
using Manifest = std::map<std::string, std::string>;

// Which files a manifest lists: those below data/, or all others.
enum class Lists : std::uint8_t { kPayload, kTags };

enum class ManifestHash : std::uint8_t { kSha256, kSha512 };

bool IsPayload(std::string_view name);

// "<bytes>.<files>" of data/, as Payload-Oxum states it (RFC 8493, 2.2.2).
std::string PayloadOxum(std::uint64_t bytes, std::uint64_t files);

// Relative, no empty part, no "." or "..": printable ASCII without "\\", ":" or "%", which some reader would decode; at most
// kMaxPathBytes and kMaxPathParts.
bool IsSafeName(std::string_view name);

// kTampered naming the line.
Result<Manifest> DecodeManifest(std::string_view text, Lists lists, ManifestHash hash = ManifestHash::kSha256);

// A line of one, with its line feed.
void AppendManifestLine(std::string& text, std::string_view hash, std::string_view name);

// The text for the files that it lists, in order of their names. `hash_of` makes hex of the values of `files`.
template <typename Files, typename HashOf = std::identity>
std::string EncodeManifest(const Files& files, Lists lists, HashOf hash_of = {}) {
  std::string text;
  for (const auto& [name, hash] : files) {
    if (IsPayload(name) == (lists == Lists::kPayload)) AppendManifestLine(text, hash_of(hash), name);
  }
  return text;
}

}  // namespace exhibit::bundle

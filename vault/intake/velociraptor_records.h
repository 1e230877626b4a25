// The records in a collection of Velociraptor, a line of JSON each. Text in, values out; a line of another form says nothing here,
// because it is an item, and whole.
//
//   uploads.json          {"_Components": ["uploads", "auto", "C:", "a.txt"], "file_size": 12, "uploaded_size": 12, "Type": ""}
//                         "idx" is the type of the map that lies beside a file whose holes were passed over
//   results/ARTIFACT.json {"Upload": {"StoredName": "uploads/auto/C%3A/a.txt", "sha256": "…", "md5": "…"}, …}, wherever in the row
//   log.json              {"level": "ERROR", "message": "…"}
//   collection_context.json, one object: {"query_stats": [{"Artifact": "…", "error_message": "…"}]}
//
// A file is known by its place: what its path has from "uploads" on, unescaped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/custody/item_facts.h"

namespace exhibit::intake {

// Longer ones say nothing.
inline constexpr std::size_t kMaxVelociraptorLineBytes = 4 << 20;

// "uploads", "auto", "C:", "a.txt". A component may hold a slash: it is "%2F" in the name of the file.
using VelociraptorPlace = std::vector<std::string>;

// Of a path below the collection, or of a member of its ZIP: "uploads/auto/C%3A/a.txt".
VelociraptorPlace PlaceOfPath(std::string_view path);

struct VelociraptorUpload {
  VelociraptorPlace place;
  std::uint64_t bytes_at_source = 0;
  std::uint64_t bytes_stored = 0;
  bool is_map = false;
};
std::optional<VelociraptorUpload> ReadVelociraptorUpload(std::string_view line);

struct VelociraptorDigests {
  VelociraptorPlace place;
  std::vector<custody::ClaimedDigest> digests;
};
std::vector<VelociraptorDigests> ReadVelociraptorDigests(std::string_view line);

// The message, if it is one of an error.
std::optional<std::string> ReadVelociraptorError(std::string_view line);
// "ARTIFACT: message", of each query that ended with an error.
std::vector<std::string> ReadVelociraptorContext(std::string_view text);

}  // namespace exhibit::intake

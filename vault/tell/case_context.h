// The context of a case graph (case_graph.h): what makes short names and identifiers of JSON-LD those of CASE and UCO.
//
//   "name"            is uco-core:name; "startTime" is uco-action:startTime, and its text a time
//   "f:00000000002a"  is http://example.org/kb/file-<80 bits>-00000000002a, a UUID of version 5 in its form: the first 80 bits
//                     are those of the UUID over "exhibit:<fingerprint>/<kind>", the last 48 the position in hex
//
// Prefixes that do not end in "/" or "#" are JSON-LD 1.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace exhibit::tell {

// Nodes of which an item or an entry has one each.
enum class NodeKind : std::uint8_t {
  kFile,
  kFileFacet,
  kContentFacet,
  kSha256,
  kSha512,
  kSha1,
  kMd5,
  kRecord,
  kAction,
  kPerson,  // by their number in place of a position
};

// "r:00000000002a"
std::string IdAt(NodeKind kind, std::uint64_t position);

// {"@context":{…},"@graph":[ of the vault with this fingerprint, in hex.
std::string BeginningOfGraph(std::string_view fingerprint);

// RFC 9562, section 5.5, in the namespace of URLs.
std::string UuidOfUrl(std::string_view url);

}  // namespace exhibit::tell

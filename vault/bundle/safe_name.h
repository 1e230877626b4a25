// The path of an original below data/, made of its host and its path so that every medium and every system can have it, and
// no two names become one (docs/FORMAT.md, "Names below data/").
//
//   host "fs01", path "share/a b/CON.txt"   →   fs01/share/a b/=43ON.txt
//
// Each part in printable ASCII; what is not a letter, a digit, ".", "_", "-" or a blank inside is "=" and two hex digits. So
// are the first letter of a device's name, and the first byte of a host that could be the name of a file without one.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "vault/custody/field.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

// Nothing if host or path has no part, or the path in the bundle would be longer or deeper than one may be. `source` and
// `path` are raw bytes.
std::optional<std::string> SafeName(std::string_view source, std::string_view path, tlog::Sequence item);
// From the fields `source` and `path`; nothing, too, where one is not told.
std::optional<std::string> SafeNameIn(const custody::FieldList& fields, tlog::Sequence item);

// What stands in a tree of originals where a source would, of items whose source is not told: no safe name begins so.
inline constexpr std::string_view kNoSource = "=no-source";

// The names of a bundle's originals as they are given, each once in ASCII lower case, and none a folder of another.
class NamesTaken {
 public:
  // The safe name, unless there is none or it is taken; then the number.
  std::string Give(const custody::FieldList& fields, tlog::Sequence item);
  // The same for a tree that is no bundle, where an item whose path alone is told lies below `kNoSource`.
  std::string GiveInTree(const custody::FieldList& fields, tlog::Sequence item);
  // A name that is given to none of them.
  void Reserve(std::string_view name);

 private:
  std::string Give(const std::optional<std::string>& safe, tlog::Sequence item);
  bool IsTaken(const std::string& lower) const;
  std::set<std::string> files_;    // in lower case
  std::set<std::string> folders_;  // of these files, likewise
};

}  // namespace exhibit::bundle

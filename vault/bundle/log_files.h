// The files of log/: what a bundle tells of its log (docs/FORMAT.md, "Files of log/"). Their bytes, as they are written and
// read; told_log.h parses them.
//
//   entries     the entries told, one after another      checkpoint   the signed checkpoint, with cosignatures
//   hashes      a line "level index hex" each            timestamps   a line of base64 for each token; may be missing
//   fields      blocks of field lines and list lines     layouts      "= N", then the layout line   sealed bundles alone
//   files       a line "N  name" for each file of data/  headers      "= N", then the age header    sealed bundles alone
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace exhibit::bundle {

inline constexpr std::uint64_t kMaxLogFileBytes = std::uint64_t{1} << 31;

struct LogFiles {
  std::string entries;
  std::string hashes;
  std::string fields;
  std::string files;
  std::string checkpoint;
  std::optional<std::string> timestamps = {};
  std::optional<std::string> layouts = {};
  std::optional<std::string> headers = {};
};

}  // namespace exhibit::bundle

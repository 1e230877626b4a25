// From the paths that a user names to the things to take in, in an order that does not change.
//
// A folder is gone through entry by entry in the byte order of names, folders where they stand.
// Symbolic links are things themselves and never followed (a link named on the command line neither,
// unless with a slash behind it, which names what it points to), so nothing outside of what was named
// comes in. Sockets, pipes and devices are refused by name; block devices come in where the caller
// allows it. What cannot be read or looked at is reported like a refusal and the walk goes on: a
// missing file is a fact to record, not a reason to stop.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/metadata.h"

namespace exhibit::intake {

enum class Devices : std::uint8_t { kRefuse, kTakeBlockDevices };

struct Found {
  std::filesystem::path path;  // raw bytes: as named, with what was found below it
  seal::FileType type = seal::FileType::kRegular;
  struct ::stat status {};
  std::string link_target;  // of a symbolic link
};

struct Refused {
  std::filesystem::path path;
  Error reason;
};

struct WalkOptions {
  Devices devices = Devices::kRefuse;
  // Folders that are not entered, by device and inode: the vault's own. Below the start they are
  // passed over, as the start they are refused.
  std::set<std::pair<dev_t, ino_t>> excluded;
};

// Calls one of the two for each thing below `start`, in order. An error that `found` returns ends the
// walk with it. Depth is not bounded by the stack; memory is that of the listings of the folders that
// are open.
Result<void> Walk(const std::filesystem::path& start, const WalkOptions& options,
                  const std::function<Result<void>(Found)>& found, const std::function<void(Refused)>& refused);

}  // namespace exhibit::intake

// From the paths that a user names to the inputs, in an order that does not change.
//
// A folder is walked name by name in the byte order of names, subfolders in their place.
// A symbolic link is an input itself and is never followed, so nothing outside the named paths comes in. A link that the
// user names is followed (FindStart), as `cp -H` does: it is meant for what it leads to, as /var/log often is. Sockets, pipes and devices are refused by name; block devices come in if the caller
// allows it. An input that cannot be read is reported like a refusal, and the walk goes on: a
// missing file is a fact to record, not a reason to stop.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/item_facts.h"
#include "vault/intake/exclusion.h"

namespace exhibit::intake {

enum class Devices : std::uint8_t { kRefuse, kTakeBlockDevices };

struct Found {
  std::filesystem::path path;  // raw bytes: the path as named, and the names below it
  custody::FileType type = custody::FileType::kRegular;
  struct ::stat status {};
  std::string link_target;  // of a symbolic link
};

struct Refused {
  std::filesystem::path path;
  Error reason;
};

// Where a walk starts.
struct Start {
  std::filesystem::path path;
  std::string followed = {};  // the target of the link that was named; empty if none was
  bool is_folder = false;
  std::filesystem::path named = {};  // as the user named it
  std::uint64_t bytes = 0;           // of a file, when it was found: the walk may be much later
};

// What the path that somebody named leads to. A link that leads nowhere is an input itself. kNotFound if nothing is there.
Result<Start> FindStart(const std::filesystem::path& named);

struct WalkOptions {
  Devices devices = Devices::kRefuse;
  // Folders that are not entered, by device and inode: the vault's own, or a drop and its collector's. Below the start
  // they are skipped; a start that is one or lies in one is refused, by this name of theirs.
  std::set<std::pair<dev_t, ino_t>> excluded = {};
  std::string_view excluded_name = "the vault itself";
  // What the user asks to leave out, and who is told: the path, and the pattern that it fits.
  Exclusion exclusion = {};
  std::function<void(const std::filesystem::path&, const std::string&)> left_out = {};
};

// Calls one of the two for each input below `start`, in order. An error that `found` returns ends the
// walk with it. The stack does not bound the depth; memory is that of the listings of the folders that
// are open.
Result<void> Walk(const std::filesystem::path& start, const WalkOptions& options,
                  const std::function<Result<void>(Found)>& found, const std::function<void(Refused)>& refused);

}  // namespace exhibit::intake

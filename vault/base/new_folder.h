// A folder that gets its final name only when everything in it is done. Until then it has another name, beside
// the target; if its maker gives up, it is removed. After a crash the target is whole or does not exist, and a
// folder of the other name may be left, which may be removed.
//
// Callers need not sync the files that they write into it: Finish syncs all of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit {

class NewFolder {
 public:
  enum class Existing : std::uint8_t {
    kRefuse,          // the target must not exist, not even as an empty folder or a link
    kReplaceIfEmpty,  // it may be an empty folder
  };
  struct Rules {
    Existing existing = Existing::kRefuse;
    // The other name is `before`, the target's name, `after` and six random characters:
    // "bundle" is made as "bundle.partial-a1B2c3".
    std::string_view prefix = {};
    std::string_view suffix = {};
  };

  // Makes the folder beside `target`, mode 0700. A slash at the end of `target` is ignored.
  //   kExists    the target exists
  //   kInvalid   the target has no name of its own, such as "." or "/"
  //   kNotFound  the folder above it does not exist
  //   kPermission, kIo  it cannot be looked at, or this user may make nothing in it
  static Result<NewFolder> Make(const std::filesystem::path& target, const Rules& rules);

  // The errors of Make that can be known beforehand. Makes nothing.
  static Result<void> MayMake(const std::filesystem::path& target, const Rules& rules);

  ~NewFolder();
  NewFolder(NewFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), target_(std::move(other.target_)), sync_(std::move(other.sync_)) {}
  NewFolder& operator=(NewFolder&&) = delete;

  // Its present path.
  const std::filesystem::path& path() const { return path_; }

  // Syncs everything in it, and gives it its final name, durably. After an error: see RenameFolder in file.h.
  Result<void> Finish();

  // Syncs one file in it, gives that file the final name, and removes the rest.
  Result<void> FinishAsFile(const std::filesystem::path& file);

 private:
  NewFolder(std::filesystem::path path, std::filesystem::path target)
      : path_(std::move(path)), target_(std::move(target)) {}
  std::filesystem::path path_;  // empty once it is finished or moved from
  std::filesystem::path target_;
  TreeSync sync_;
};

}  // namespace exhibit

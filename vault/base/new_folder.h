// A folder that gets its final name only when everything in it is done: until then it stands beside
// the target under another name, and goes away if its maker gives up. After a crash the target is
// whole or not there, and a folder of the other name may be left, which can be removed.
//
// Whoever fills it need not sync what is written: Finish does so, for all of it at one stroke.
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
    kRefuse,          // nothing may stand at the target, not even an empty folder or a link
    kReplaceIfEmpty,  // an empty folder may
  };
  struct Rules {
    Existing existing = Existing::kRefuse;
    // The other name is made of these around the target's, with six characters behind it:
    // "bundle" is made as "bundle.partial-a1B2c3".
    std::string_view prefix = {};
    std::string_view suffix = {};
  };

  // Makes the folder beside `target`, mode 0700. A slash behind the target's name is no part of it.
  //   kExists    something stands at the target
  //   kInvalid   the target has no name of its own, such as "." or "/"
  //   kNotFound  the folder above is not there
  //   kPermission, kIo  it cannot be looked at, or nothing may be made there
  static Result<NewFolder> Make(const std::filesystem::path& target, const Rules& rules);

  // Whether Make could be tried: its errors as far as looking tells them, and nothing is made.
  static Result<void> MayMake(const std::filesystem::path& target, const Rules& rules);

  ~NewFolder();
  NewFolder(NewFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), target_(std::move(other.target_)), sync_(std::move(other.sync_)) {}
  NewFolder& operator=(NewFolder&&) = delete;

  // Where it stands now.
  const std::filesystem::path& path() const { return path_; }

  // Syncs all that is in it, and gives it its final name, durably (RenameFolder in file.h says what holds after an error).
  Result<void> Finish();

  // Gives the final name to one file in it instead, which is synced, and removes the rest.
  Result<void> FinishAsFile(const std::filesystem::path& file);

 private:
  NewFolder(std::filesystem::path path, std::filesystem::path target)
      : path_(std::move(path)), target_(std::move(target)) {}
  std::filesystem::path path_;  // empty once it is finished or moved from
  std::filesystem::path target_;
  TreeSync sync_;
};

}  // namespace exhibit

#include "vault/base/new_folder.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

Result<void> MayStandThere(const fs::path& target, const fs::path& absolute, NewFolder::Existing existing) {
  struct ::stat status {};
  if (::lstat(absolute.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return Fail(SystemError("look at", target, errno));
  }
  const bool replaces = existing == NewFolder::Existing::kReplaceIfEmpty;
  std::error_code error;
  if (replaces && S_ISDIR(status.st_mode) && fs::is_empty(absolute, error)) return {};
  if (error) return Fail(SystemError("read", target, error.value()));
  return Fail(
      ErrorCode::kExists,
      Printable(target.native()) + (replaces ? " is there already and is not an empty folder" : " is there already"),
      "name a folder that does not exist yet");
}

// The final path of the folder, absolute.
Result<fs::path> Place(const fs::path& target, const NewFolder::Rules& rules) {
  std::error_code error;
  fs::path absolute = fs::absolute(target, error);
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "bundle/"
  const fs::path last = absolute.filename();
  if (error || last.empty() || last == "." || last == "..") {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" names no folder that could be made", Printable(target.native())),
                "give the new folder's own name");
  }
  TRY_VOID(MayStandThere(target, absolute, rules.existing));
  return absolute;
}

}  // namespace

Result<void> NewFolder::MayMake(const fs::path& target, const Rules& rules) {
  TRY_VOID(Place(target, rules));
  return {};
}

Result<NewFolder> NewFolder::Make(const fs::path& target, const Rules& rules) {
  TRY(fs::path absolute, Place(target, rules));
  const fs::path last = absolute.filename();
  std::string name = (absolute.parent_path() / rules.prefix).native() + last.native();
  name.append(rules.suffix).append("-XXXXXX");
  if (::mkdtemp(name.data()) == nullptr) return Fail(SystemError("create folder", name, errno));
  NewFolder made(name, std::move(absolute));
  TRY(made.sync_, TreeSync::Begin(made.path_));
  return made;
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<void> NewFolder::Finish() {
  TRY_VOID(sync_.Finish());
  TRY_VOID(RenameFolder(path_, target_));
  path_.clear();
  return {};
}

Result<void> NewFolder::FinishAsFile(const fs::path& file) { return RenameNewFile(file, target_); }

}  // namespace exhibit

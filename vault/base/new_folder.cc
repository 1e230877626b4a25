#include "vault/base/new_folder.h"

#include <stdlib.h>

#include <cerrno>

#include "vault/base/text.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

bool MayStandThere(const fs::path& target, NewFolder::Existing existing) {
  std::error_code error;
  const fs::file_type type = fs::symlink_status(target, error).type();
  if (type == fs::file_type::not_found) return true;
  return existing == NewFolder::Existing::kReplaceIfEmpty && type == fs::file_type::directory &&
         fs::is_empty(target, error) && !error;
}

// Where the folder will stand.
Result<fs::path> Place(const fs::path& target, const NewFolder::Rules& rules) {
  std::error_code error;
  fs::path absolute = fs::absolute(target, error);
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "bundle/"
  const fs::path last = absolute.filename();
  if (error || last.empty() || last == "." || last == "..") {
    return Fail(ErrorCode::kInvalid, "\"" + Printable(target.native()) + "\" names no folder that could be made",
                "give the new folder's own name");
  }
  if (!MayStandThere(absolute, rules.existing)) {
    return Fail(ErrorCode::kExists,
                Printable(target.native()) + (rules.existing == NewFolder::Existing::kRefuse
                                                  ? " is there already"
                                                  : " is there already and is not an empty folder"),
                "name a folder that does not exist yet");
  }
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

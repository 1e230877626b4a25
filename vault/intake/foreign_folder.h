// What other programs left in a folder says of the files in it: digests to compare them with, and what those programs could not
// have themselves. It is asked of each file that is taken in, and at the end of what is missing. One class for each kind:
//
//   ImageFolder           disk images and archives, with reports and lists beside them (image_folder.h)
//   VelociraptorFolder    a collection of Velociraptor (velociraptor_folder.h)
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/intake/walk.h"
#include "vault/store/entry_sealer.h"

namespace exhibit::intake {

// Of one file.
struct SaidOfFile {
  std::vector<custody::ClaimedDigest> claimed = {};  // of the file
  store::Fields more = {};                           // `media`, where the disk's digests are not the file's
};

struct FolderFindings {
  std::vector<Refused> missing = {};      // named by a report or a list, or between others; and not there
  std::vector<Refused> failures = {};     // what the other program could not have, as it says itself
  std::vector<Refused> differences = {};  // two that should state the same do not
  std::vector<std::string> remarks = {};  // a file of which nothing is said; a report of none
};

class ForeignFolder {
 public:
  virtual ~ForeignFolder() = default;
  // kInvalid if what is said fits more than one file or way; kInterrupted.
  virtual Result<SaidOfFile> Of(const Found& found) = 0;
  // When all was told.
  virtual FolderFindings End() = 0;
};

}  // namespace exhibit::intake

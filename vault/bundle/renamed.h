// Names that a medium or a tool changed: Joliet cuts them at 64 characters, ISO 9660 and FAT change their case, a copy
// tool puts "(1)" at the end. Nobody changed evidence then, and nobody may be accused. A file that the manifests
// list and that is not there is searched, by its hashes, among the files that no manifest lists. It is then checked
// under its own name, and the report says which name it has. Such a bag is never said to hold.
//
// Files are hashed only if a listed file is missing, and each at most once.
#pragma once

#include <atomic>

#include "vault/base/parallel.h"
#include "vault/bundle/bag_check.h"

namespace exhibit::bundle {

// A bag's folder, manifests and files, each file under its own name if that can be found.
struct FoundBag {
  BagFolder folder;
  BagManifests manifests;
  BagFiles files;
};

// Manifests may have other names, too, and once found they list more files. Of several files of the same bytes the first of the
// missing names, in their order, gets the first of the others. Errors of ReadBag and ListBag, and kInterrupted.
Result<FoundBag> FindBag(const std::filesystem::path& folder, Pool& pool, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle

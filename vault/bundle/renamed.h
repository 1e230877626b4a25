// Names that a medium or a tool changed: Joliet cuts them at 64 characters, ISO 9660 and FAT change their case, a copy
// tool puts "(1)" at the end. Nothing of the evidence was changed then, and nobody is to be accused: what the manifests
// list and nobody finds is looked for, by its hashes, among what is there and listed nowhere. It is then checked as
// under its own name, and said to be here under another; a bag of which that is so is never said to hold.
//
// Files are hashed only where something listed is missing, and each at most once.
#pragma once

#include <atomic>

#include "vault/base/parallel.h"
#include "vault/bundle/bag_check.h"

namespace exhibit::bundle {

// A bag's folder, manifests and files, each file under its own name where that can be known.
struct FoundBag {
  BagFolder folder;
  BagManifests manifests;
  BagFiles files;
};

// Manifests may lie under other names, too, and then tell of more. Of several files of the same bytes the first of the
// missing names, in their order, has the first of the others. Errors are those of ReadBag and ListBag, and kInterrupted.
Result<FoundBag> FindBag(const std::filesystem::path& folder, Pool& pool, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle

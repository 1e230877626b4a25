// Compares bundle.note with its bundle.
#pragma once

#include <cstdint>
#include <optional>

#include "vault/bundle/bag_check.h"
#include "vault/bundle/bundle_note.h"
#include "vault/custody/facts.h"

namespace exhibit::bundle {

struct ReadNote {
  BundleStatement statement;
  Bytes note;
};

// The note. Its signer must be the custodian that it names, and be one by `facts`, the facts after the last entry:
// the signer hands over now. kTampered, kDenied, kInvalid, or an error of reading its file.
Result<ReadNote> ReadSignedNote(const BagFolder& folder, const custody::Facts& facts);

// What the rest of the bundle says.
struct NotedBundle {
  tlog::Origin origin;
  std::optional<tlog::TreeSize> size;  // of the log, if any proof leads to a checkpoint
  std::uint64_t sealed_files = 0;
  bool could_list = true;  // false if a folder could not be looked into: nobody knows how many there are
};
// kTampered, with the difference, unless the statement is about these tag manifests and this bundle. What could not be read
// differs from nothing.
Result<void> CompareNote(const BundleStatement& statement, const BagManifests& manifests, const NotedBundle& bundle);

}  // namespace exhibit::bundle

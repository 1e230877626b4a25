// bundle.note against the bundle that it lies in.
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

// The note, signed by the custodian whom it names and who is one by `facts`, those behind the last entry of the bundle:
// who signs hands over now. kTampered, kDenied, kInvalid, or what reading its file fails with.
Result<ReadNote> ReadSignedNote(const BagFolder& folder, const custody::Facts& facts);

// What the bundle shows by itself.
struct NotedBundle {
  tlog::Origin origin;
  std::optional<tlog::TreeSize> size;  // of the log, if any proof leads to a checkpoint
  std::uint64_t sealed_files = 0;
};
// kTampered, saying what, unless the statement is of these tag manifests and of this bundle.
Result<void> CompareNote(const BundleStatement& statement, const BagManifests& manifests, const NotedBundle& bundle);

}  // namespace exhibit::bundle

// A log as static files (C2SP tlog-tiles), which any server can serve and anybody can verify:
//
//   checkpoint                    the signed head, with the cosignatures that it has
//   tile/<L>/<N>[.p/<W>]          hashes of the tree
//   tile/entries/<N>[.p/<W>]      up to 256 entries, each after its length
//
// Tiles and entry bundles are written once and never changed; a partial one stays when its full one appears. The
// checkpoint is replaced last and atomically, when all that it covers is there for good: after a crash the
// old one still holds, and the next publication goes on. Published are: who signed what and when,
// sizes and hashes; no content, no name.
#pragma once

#include <atomic>
#include <cstdint>

#include "vault/custody/log_keys.h"
#include "vault/publish/published_place.h"
#include "vault/tlog/tile.h"
#include "vault/verify/source.h"

namespace exhibit::publish {

inline constexpr std::string_view kCheckpointFile = "checkpoint";
// A bundle of 256 of the longest entries; nothing that is published is longer.
inline constexpr std::uint64_t kMaxPublishedFileBytes = std::uint64_t{tlog::kTileWidth} * (2 + tlog::kMaxBundledEntry);

struct Published {
  tlog::TreeSize before;  // of the checkpoint before; 0 if there was none
  tlog::Checkpoint checkpoint;
  std::uint64_t files = 0;  // written
};

// Brings the copy at the place to the head of `source`.
//   kTampered  the copy is not the beginning of this log, a file of it does not fit the log, or an
//              entry of the source does not fit its tiles; nothing that was published is changed
//   kBusy      somebody else published there meanwhile
Result<Published> Publish(const verify::Source& source, const custody::LogKeys& keys, PublishedPlace& place,
                          const std::atomic<bool>* interrupted = nullptr);

}  // namespace exhibit::publish

// Where a log is published (publisher.h): a folder (folder_place.h), or a bucket (net/bucket_log.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::publish {

class PublishedPlace {
 public:
  virtual ~PublishedPlace() = default;

  // The checkpoint that is there; nothing if there is none.
  virtual Result<std::optional<Bytes>> ReadCheckpoint() = 0;
  // For messages.
  virtual std::string NameOfCheckpoint() const = 0;

  enum class Wrote : std::uint8_t { kNow, kBefore };
  // A file that is written once. kTampered if it is there with other bytes; nothing is changed then.
  virtual Result<Wrote> Write(const std::string& name, ByteView bytes) = 0;
  // Everything that was written is there for good.
  virtual Result<void> Sync() = 0;
  // Replaces it at once. kBusy if somebody else replaced it meanwhile.
  virtual Result<void> ReplaceCheckpoint(ByteView note) = 0;
};

// kTampered, for Write.
Failure PublishedOtherwise(const std::string& path);

}  // namespace exhibit::publish

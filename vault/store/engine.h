// An engine makes and opens stores of one kind: RocksDB in a vault's folder (rocks_store.h), objects in two buckets
// (object_engine.h), memory (memory_store.h).
#pragma once

#include <filesystem>
#include <memory>

#include "vault/base/error.h"
#include "vault/store/kept_heads.h"
#include "vault/store/store.h"

namespace exhibit::store {

class Engine {
 public:
  virtual ~Engine() = default;
  // Makes an empty store. kExists if there is anything in `folder`.
  virtual Result<std::unique_ptr<Store>> Create(const std::filesystem::path& folder) const = 0;
  // Opens for writing. kNotFound if there is no store; kUnsupported, with the version found, for a store of another
  // format; kTampered if the store is damaged, which is then left as it is.
  virtual Result<std::unique_ptr<Store>> Open(const std::filesystem::path& folder) const = 0;
  // Opens for reading, beside a writer or on a medium that cannot be written. Errors as of Open; changes nothing.
  virtual Result<std::unique_ptr<ReadableStore>> OpenForReading(const std::filesystem::path& folder) const = 0;

  // Where the store is elsewhere: brings what is kept of it in `folder` up to date, and replaces the vault's head by the
  // newest that was signed. Before every open. A store in `folder` has nothing to do.
  virtual Result<void> Refresh(const std::filesystem::path& /*folder*/, const HeadFile& /*head*/) const { return {}; }
  // What Refresh has to say to the user, once.
  virtual std::vector<std::string> TakeRemarks() const { return {}; }
};

}  // namespace exhibit::store

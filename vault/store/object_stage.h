// A stage on an object store: sealed files go into packs, which are objects of some MiB, under random names that no commit
// names yet.
//
//   pay/<id>    | payload | payload | …    small ones together, large ones in pieces
//   hdr/<id>    | header | hashes | header | hashes | …    apart, so that listing and verifying read no payload
//
// A pack is put by one of a few threads as soon as it is full (growing_uploads.h), read back, and compared, its lock too. Never
// by multipart upload: that was seen to drop the lock without a word. Packs grow with the stage, so that a commit that names
// those of a large file stays short.
//
// What no commit names stays until its lock lapses: nobody can delete it before, and nobody knows whether it is another
// writer's, on its way. `exhibit verify` remarks it.
#pragma once

#include <cstdint>
#include <functional>

#include "vault/base/parallel.h"
#include "vault/store/growing_uploads.h"
#include "vault/store/sealed_stage.h"
#include "vault/store/vault_objects.h"

namespace exhibit::store {

class ObjectStage final : public SealedStage {
 public:
  // Told of each object once it is there, in the thread that put it.
  using Told = std::function<void(const NamedObject&)>;
  // `uploads` are the threads that put. All of it outlives the stage.
  ObjectStage(const VaultObjects& objects, Pool& uploads, Told told);

 private:
  // A pack that is being filled. Its id is known before it is put, because places name it.
  struct Filling {
    NamedObject::Kind kind;
    std::uint64_t id = 0;
    Bytes bytes;
  };
  Result<void> BeginFile(ByteView header) override;
  Result<void> PutBytes(ByteView bytes) override;
  Result<SealedPlace> EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) override;
  Result<void> SyncFiles() override;
  Result<void> ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const override;

  Result<void> Write(Filling& pack, ByteView bytes);
  Result<void> Send(Filling& pack);

  const VaultObjects& objects_;
  Told told_;
  Filling payloads_{NamedObject::Kind::kPayload, 0, {}};
  Filling headers_{NamedObject::Kind::kHeaders, 0, {}};
  SealedPlace place_;     // of the present sealed file
  GrowingUploads packs_;  // goes first: it waits for puts that use the others
};

}  // namespace exhibit::store

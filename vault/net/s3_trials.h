// What an object store offers and a vault never uses, so that somebody can find out how it behaves before trusting it
// (work/probe_buckets.h). Nothing else calls this.
//
// Servers were seen to answer "done" and drop the lock that was asked for (docs/OBJECT-STORE.md): the answers here say what a
// server said, and not what it did. Errors as those of object_store.h.
#pragma once

#include <string>
#include <string_view>

#include "vault/net/s3_bucket.h"

namespace exhibit::net {

class S3Trials {
 public:
  // `bucket` outlives this.
  explicit S3Trials(const S3Bucket& bucket) : bucket_(bucket) {}

  // Puts it as the only part of a multipart upload, with the lock. Gives its version.
  Result<std::string> PutInParts(const ObjectStore::Put& put) const;
  // Makes an object as a copy of another, with a lock of its own. Gives its version.
  Result<std::string> Copy(const ObjectName& from, std::string_view to, LockedUntil lock) const;
  // Deletes that version, and asks for locks of GOVERNANCE mode to be passed over.
  Result<void> DeletePassingOver(const ObjectName& name) const;
  // Replaces an object if its ETag is the one that it has, written in quotes as HTTP has it. kExists: it is said to differ.
  Result<void> ReplaceIfUnchanged(std::string_view key, ByteView bytes) const;
  // Whether the bucket gives locks to objects that come without.
  Result<bool> HasDefaultLock() const;

 private:
  const S3Bucket& bucket_;
};

}  // namespace exhibit::net

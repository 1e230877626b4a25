// The objects that a vault on an object store is made of: their names, their locks, how they are read back, and how often
// a request is tried. docs/OBJECT-STORE.md draws them; docs/decisions/0034-object-store.md says why it is so.
//
//   LOG     a bucket without versions, in which objects are created and never replaced
//     log/<n>        commit n (commit_object.h)
//     settings       what was chosen when the vault was made
//   DATA    a bucket with versions and locks
//     log/<n>        a copy of commit n
//     head/<n>       the checkpoint that was signed after commit n: the only acknowledgement
//     pay/<id>       payloads; hdr/<id>: headers and hashes of blocks (object_stage.h)
//     keys/<name>    the vault's key files that are sealed to its readers; the newest version counts
//     settings
//
// n has 16 decimal digits. A request of which nobody knows how it went is tried again as long as the patience says, where
// that is safe: a second version of the same bytes harms nobody. The one request that races, TryCommit, is made once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "vault/net/object_store.h"
#include "vault/net/patience.h"
#include "vault/store/commit_object.h"

namespace exhibit::store {

struct VaultBuckets {
  std::shared_ptr<net::ObjectStore> log;   // shared with who made them, such as a probe
  std::shared_ptr<net::ObjectStore> data;  // likewise
};

using Patience = net::Patience;

// What was chosen when the vault was made, and holds for ever.
struct ObjectSettings {
  std::uint32_t log_lock_days = 0;      // of copies of commits, heads and settings
  std::uint32_t payload_lock_days = 0;  // of payloads and headers
  std::vector<std::string> weak;        // what of the lock was seen not to hold, and accepted
  std::vector<std::string> other;       // what a vault does not use, and was seen not to hold
  bool operator==(const ObjectSettings&) const = default;

  // One line of JSON, and back. kUnsupported for another version.
  Bytes Encode() const;
  static Result<ObjectSettings> Parse(ByteView text);
};

class VaultObjects {
 public:
  VaultObjects(VaultBuckets buckets, Patience patience) : buckets_(std::move(buckets)), patience_(patience) {}

  // Asks again after a pause as long as nobody knows how it went (kIo) and the patience lasts.
  template <typename Ask>
  auto Persist(Ask ask) const -> decltype(ask()) {
    return net::Persist(patience_, ask);
  }
  // False if the user asked to stop meanwhile.
  bool Wait(std::chrono::milliseconds pause) const { return net::Wait(patience_, pause); }
  const Patience& patience() const { return patience_; }

  // kNotFound if there is no vault; kExists if there is one already.
  Result<ObjectSettings> ReadSettings() const;
  Result<void> CreateSettings(const ObjectSettings& settings) const;
  // Locks begin with these. REQUIRES: before anything is put that has a lock.
  void Use(ObjectSettings settings) { settings_ = std::move(settings); }
  const ObjectSettings& settings() const { return settings_; }

  // Commit n; nothing if there is none.
  Result<std::optional<Bytes>> ReadCommit(std::uint64_t n) const;
  // One request, with the answer as it came: success, or whatever else, after which ReadCommit tells.
  Result<void> TryCommit(std::uint64_t n, ByteView commit) const;
  Result<bool> HasCopy(std::uint64_t n) const;
  Result<void> PutCopy(std::uint64_t n, ByteView commit) const;

  // The checkpoint after commit n; nothing if there is none.
  Result<std::optional<Bytes>> ReadHead(std::uint64_t n) const;
  Result<void> PutHead(std::uint64_t n, ByteView note) const;

  // Puts it, locked, reads it back and compares. Gives it with its version. `id` is random: nothing has it yet.
  Result<NamedObject> PutPack(NamedObject::Kind kind, std::uint64_t id, ByteView bytes) const;
  Result<Bytes> ReadRange(const NamedObject& object, ByteRange range) const;

  // A key file that is sealed to readers; nothing if there is none.
  Result<std::optional<Bytes>> ReadKeyFile(std::string_view name) const;
  Result<void> PutKeyFile(std::string_view name, ByteView bytes) const;

  // All objects whose names begin so. `log`: of the bucket LOG.
  Result<std::vector<net::ListedObject>> ListData(std::string_view prefix) const;
  Result<std::vector<net::ListedObject>> ListLog(std::string_view prefix) const;

  // All versions and delete markers of the objects of DATA whose names begin so, name by name, the newest first.
  using Versions = std::vector<net::ListedVersion>;
  Result<void> VisitVersions(std::string_view prefix, const std::function<Result<void>(const Versions&)>& visit) const;
  // One version of DATA. kInvalid if it is longer than the limit.
  Result<Bytes> ReadVersion(const net::ObjectName& name, std::uint64_t limit_bytes) const;
  // Until when a version of DATA is locked; nothing if it is not.
  Result<std::optional<net::LockedUntil>> ReadLock(const net::ObjectName& name) const;
  // Deletes one version of DATA, or a delete marker; nothing if it is gone. kDenied if it is locked, or the credentials may not.
  Result<void> DeleteVersion(const net::ObjectName& name) const;
  // Locks it until then, and reads that back. kTampered if the store said that it was done, and it was not.
  Result<void> LengthenLock(const net::ObjectName& name, net::LockedUntil until) const;

  // "HOST/BUCKET/PREFIX", of the bucket DATA, for people.
  std::string Name() const { return buckets_.data->Name(); }
  std::string LogName() const { return buckets_.log->Name(); }

 private:
  Result<std::optional<Bytes>> ReadIfThere(net::ObjectStore& bucket, const std::string& key,
                                           std::uint64_t limit_bytes) const;
  // kTampered if what is there differs.
  Result<net::ObjectFacts> ReadBack(const net::ObjectName& name, ByteView bytes) const;
  // Puts it into DATA, reads it back, and compares bytes and lock. Gives its version.
  Result<std::string> PutLocked(const std::string& key, ByteView bytes, std::uint32_t days) const;
  Result<std::vector<net::ListedObject>> ListAll(net::ObjectStore& bucket, std::string_view prefix) const;

  VaultBuckets buckets_;
  Patience patience_;
  ObjectSettings settings_;
};

// For a pack: random, so that no two writers take the same.
std::uint64_t NewPackId();

std::string KeyOfCommit(std::uint64_t n);
std::string KeyOfHead(std::uint64_t n);

}  // namespace exhibit::store

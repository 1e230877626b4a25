// One bucket of an object store, below one prefix: objects by name, written whole, read whole or in part.
//
// What a call gives is one answer to one request. Who needs more (trying again, reading back) does so above it:
//
//   kExists      a condition was not met: the object is there already
//   kNotFound    there is no such object, or no such bucket
//   kDenied      the credentials do not permit it, are wrong, or have expired; or the object is locked
//   kPermission  whoever answers is not vouched for by a certificate, or speaks no TLS: no credentials went there
//   kInvalid     the server refused the request as wrong, or answered something that is no answer
//   kIo          nobody knows: no answer, an answer that was cut off, or one of a server in trouble (500, 503). What was
//                asked for may have been done, may still be done later, or may never be done
//   kInterrupted
//
// A name is letters, digits, "-", "." and "/". Several threads may call at once.
//
//   S3Bucket (s3_bucket.h)                     over HTTP
//   MemoryBucket (tests/support/)              in memory, with the same races, and told when to fail
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"

namespace exhibit::net {

// Which object, and of a bucket that keeps versions which of them; empty: the newest.
struct ObjectName {
  std::string key;
  std::string version = {};
  auto operator<=>(const ObjectName&) const = default;
};

// Until when an object is locked in COMPLIANCE mode: nobody who has credentials deletes or replaces this version of it.
// The seconds are whole.
struct LockedUntil {
  Moment time;
  auto operator<=>(const LockedUntil&) const = default;
};

struct ObjectFacts {
  std::string version;  // empty where the bucket keeps none
  std::uint64_t bytes = 0;
  std::optional<LockedUntil> lock;  // in COMPLIANCE mode; weaker ones are none
};

struct Object {
  Bytes bytes;
  ObjectFacts facts;
};

struct ListedObject {
  std::string key;
  std::uint64_t bytes = 0;
};

// One of the versions that a name has, or a delete marker, which hides those before it from who names no version.
struct ListedVersion {
  ObjectName name;
  std::uint64_t bytes = 0;  // of a marker 0
  Moment put;               // when the store took it, as it says
  bool is_marker = false;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  enum class When : std::uint8_t {
    kAlways,
    kAbsent,  // only if no object has the name: of several who try at once, one succeeds. Not in a bucket with versions
  };
  struct Put {
    std::string_view key;
    ByteView bytes;
    When when = When::kAlways;
    std::optional<LockedUntil> lock = {};
  };
  // Gives the version that was made; empty where the bucket keeps none.
  virtual Result<std::string> PutObject(const Put& put) = 0;

  // The whole object, or a stretch of it. kInvalid if it is longer than the limit, or the stretch is not all there.
  virtual Result<Object> GetObject(const ObjectName& name, std::uint64_t limit_bytes) = 0;
  virtual Result<Bytes> GetRange(const ObjectName& name, ByteRange range) = 0;
  // Reads the whole object and compares it, without a copy of it in memory.
  struct Compared {
    bool is_same = false;
    ObjectFacts facts;
  };
  virtual Result<Compared> Compare(const ObjectName& name, ByteView bytes) = 0;
  virtual Result<ObjectFacts> LookAt(const ObjectName& name) = 0;

  // Up to a thousand of the objects whose names begin so, ascending, after `after`.
  struct Page {
    std::vector<ListedObject> objects;
    bool is_last = true;
  };
  virtual Result<Page> List(std::string_view prefix, std::string_view after) = 0;

  // The same of all versions and delete markers, those of one name together, the newest first; after the version `after`
  // (empty: from the beginning).
  struct VersionPage {
    std::vector<ListedVersion> versions;
    bool is_last = true;
  };
  virtual Result<VersionPage> ListVersions(std::string_view prefix, const ObjectName& after) = 0;

  // Until when that version is locked; nothing if it has no lock in COMPLIANCE mode. Where the credentials may not see
  // locks this is kDenied, while LookAt shows none.
  virtual Result<std::optional<LockedUntil>> ReadLock(const ObjectName& name) = 0;
  // Locks a version for longer. kDenied for shorter.
  virtual Result<void> Lock(const ObjectName& name, LockedUntil until) = 0;
  // Of a bucket with versions: that version; without one, it is hidden by a mark and nothing is lost.
  virtual Result<void> Delete(const ObjectName& name) = 0;

  // "HOST/BUCKET/PREFIX", for people.
  virtual std::string Name() const = 0;
};

}  // namespace exhibit::net

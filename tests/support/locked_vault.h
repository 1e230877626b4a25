// The objects of a vault with two commits, over buckets in memory: payloads and headers, commits and their copies, heads.
// Its entries are no entries: for what looks at objects and not into them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/check.h"
#include "tests/support/memory_objects.h"
#include "tests/support/temporary_folder.h"
#include "vault/store/object_log.h"
#include "vault/tlog/tree.h"

namespace exhibit::testing {

struct LockedVault {
  static constexpr std::uint32_t kLogDays = 300;
  static constexpr std::uint32_t kPayloadDays = 30;

  LockedVault() {
    store::VaultObjects objects = Objects();
    REQUIRE_OK(objects.CreateSettings(objects.settings()));
    std::optional<crypto::Sha256Digest> previous;
    for (std::uint64_t n = 0; n < 2; ++n) {
      const Bytes entry = ToBytes(ViewOf("entry " + std::to_string(n) + "\n"));
      store::CommitRecord record;
      record.commit = n;
      record.previous = previous;
      record.first = {n};
      record.entry_bytes = {entry.size()};
      record.objects = {Unwrap(objects.PutPack(store::NamedObject::Kind::kPayload, 10 * n + 1, Bytes(100, 1))),
                        Unwrap(objects.PutPack(store::NamedObject::Kind::kHeaders, 10 * n + 2, Bytes(50, 2)))};
      record.tiles = {{0, n, ToBytes(tlog::HashLeaf(entry).view())}};
      const Bytes commit = Unwrap(store::EncodeCommit(record, {{{n}, entry}}));
      previous = crypto::Sha256(commit);
      REQUIRE_OK(objects.TryCommit(n, commit));
      REQUIRE_OK(objects.PutCopy(n, commit));
      REQUIRE_OK(objects.PutHead(n, ViewOf("head " + std::to_string(n))));
      for (const store::NamedObject& object : record.objects) named.push_back(KeyOf(object));
    }
    REQUIRE_OK(objects.PutKeyFile("reader.age", ViewOf("sealed")));
  }

  store::VaultObjects Objects() const {
    store::VaultObjects objects({std::make_shared<MemoryBucket>(place, "log", MemoryBucket::Kind::kPlain), data},
                                {.in_all = std::chrono::milliseconds(1), .first_pause = std::chrono::milliseconds(1)});
    objects.Use({.log_lock_days = kLogDays, .payload_lock_days = kPayloadDays, .weak = {}, .other = {}});
    return objects;
  }
  // What a machine knows that knew nothing before. It stays as long as this.
  const store::ObjectLog& Log() {
    log = std::make_unique<store::ObjectLog>(Objects(), folder.path() / ("cache-" + std::to_string(++caches)));
    REQUIRE_OK(log->CatchUp());
    return *log;
  }
  Result<std::string> PutOver(const std::string& key, std::string_view text) const {
    const std::int64_t end = Now().milliseconds + 86'400'000LL * kLogDays;
    return data->PutObject({.key = key, .bytes = ViewOf(text), .lock = net::LockedUntil{{end}}});
  }

  TemporaryFolder folder;
  std::shared_ptr<MemoryPlaceOfObjects> place = std::make_shared<MemoryPlaceOfObjects>();
  std::shared_ptr<net::ObjectStore> data = std::make_shared<MemoryBucket>(place, "data", MemoryBucket::Kind::kLocking);
  std::vector<std::string> named;  // payloads and headers
  std::unique_ptr<store::ObjectLog> log;
  int caches = 0;
};

}  // namespace exhibit::testing

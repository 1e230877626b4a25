// What is known of the commits of a vault on an object store, in memory: where each entry is, and everything that is looked
// up. Commits are added in their order, and only if they belong there.
//
// It grows with the log: 12 bytes for an entry, 32 and a little for the tree, some 150 for a row of the index of acts and
// some 300 for the place of a sealed file. docs/OBJECT-STORE.md has what that comes to.
//
// Nothing here locks: object_log.h does.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "vault/store/commit_object.h"
#include "vault/store/sealed_places.h"

namespace exhibit::store {

class CommitIndex {
 public:
  // The commit after those that are there. kTampered, naming what does not fit, and nothing is added.
  Result<void> Add(ByteView commit);
  // Whether Add would take it. Before it is sent: what nobody can read would end the log.
  Result<void> Check(ByteView commit) const;

  std::uint64_t commits() const { return commits_.size(); }
  tlog::TreeSize entries() const { return {entries_.size()}; }
  // REQUIRES: n < commits().
  const crypto::Sha256Digest& DigestOf(std::uint64_t n) const { return commits_[n].digest; }
  std::optional<crypto::Sha256Digest> LastDigest() const {
    return commits_.empty() ? std::nullopt : std::optional(commits_.back().digest);
  }
  // The size of the log after commit n. REQUIRES: n < commits().
  tlog::TreeSize EndOf(std::uint64_t n) const { return {commits_[n].end}; }
  // The commit after which the log has this size; nothing if none ends there.
  std::optional<std::uint64_t> CommitEndingAt(tlog::TreeSize size) const;

  // Where the bytes of an entry are: a stretch of a commit. Nothing past the end; no bytes where it is lost.
  struct EntryAt {
    std::uint64_t commit = 0;
    ByteRange range;
  };
  std::optional<EntryAt> FindEntry(tlog::Sequence sequence) const;

  // What follows sees the log as it was at `size`.
  std::optional<std::string> FindAct(std::uint64_t subject, tlog::Sequence sequence, tlog::TreeSize size) const;
  std::vector<custody::ActRow> ActsOf(custody::Subjects subjects, tlog::TreeSize size) const;
  // What was destroyed has a place of no bytes. `acknowledged` as in sealed_places.h.
  std::optional<SealedPlace> FindPlace(const SealedPlaces::Key& key, tlog::TreeSize size,
                                       tlog::TreeSize acknowledged) const;
  // Empty if there is none.
  Bytes TileOf(const tlog::TileId& id, tlog::TreeSize size) const;

  const SealedPlaces& places() const { return places_; }
  std::optional<NamedObject> FindObject(std::uint64_t id) const;
  const std::unordered_map<std::uint64_t, NamedObject>& objects() const { return objects_; }

 private:
  struct Known {
    crypto::Sha256Digest digest;
    std::uint64_t end = 0;  // the size of the log after it
  };
  struct Stretch {
    std::uint32_t commit = 0;
    std::uint32_t offset = 0;  // a commit is shorter than 4 GiB
    std::uint32_t bytes = 0;
  };
  Result<ParsedCommit> Parse(ByteView commit) const;
  Result<void> CheckBelongs(const CommitRecord& record) const;

  std::vector<Known> commits_;
  std::vector<Stretch> entries_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> acts_;  // by subject and entry
  SealedPlaces places_;
  std::unordered_map<std::uint64_t, NamedObject> objects_;
  std::map<std::uint32_t, Bytes> hashes_;  // of the tree, by level
};

}  // namespace exhibit::store

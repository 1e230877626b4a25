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
  std::optional<SealedPlace> FindPlace(tlog::Sequence sequence, std::optional<tlog::Sequence> under,
                                       tlog::TreeSize size) const;
  // Empty if there is none.
  Bytes TileOf(const tlog::TileId& id, tlog::TreeSize size) const;

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
  // By entry and, of a header that was made anew, the reseal entry.
  std::map<std::pair<std::uint64_t, std::optional<std::uint64_t>>, SealedPlace> places_;
  std::unordered_map<std::uint64_t, NamedObject> objects_;
  std::map<std::uint32_t, Bytes> hashes_;  // of the tree, by level
};

}  // namespace exhibit::store

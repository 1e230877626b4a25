// What opening a vault needs, for reading, for writing and for looking at one that is refused. Internal to
// the files of vault.h.
#pragma once

#include "vault/session/vault.h"
#include "vault/store/kept_heads.h"

namespace exhibit {

// The heads that a vault is held to, as they stand in their files. Read before the store is opened,
// and the user's before the vault's: a writer goes the other way (store, HEAD, user), so that a reader
// beside it finds each at least as new as the one before, and never takes progress for a loss.
struct VaultReader::Heads {
  store::HeadFile user_file{{}};
  std::optional<Bytes> user;
  Bytes vault;
  std::string remark;  // why there is no user's head to compare with
};

namespace opening {

// kNotFound if there is no vault at `folder`, kPermission if that cannot be seen.
Result<void> RequireVault(const std::filesystem::path& folder);
// The lock of who writes to the vault; an error names the way out where the medium can only be read.
Result<FileLock> LockVault(const VaultPaths& paths, std::chrono::milliseconds patience);
// The store; kPermission, naming the file, where one may not be read.
Result<std::unique_ptr<store::ReadableStore>> OpenToRead(const VaultPaths& paths);
Result<Bytes> ReadVaultHead(const std::filesystem::path& path);
Failure NotAHead(const std::filesystem::path& path, const Error& reason);
// The keys of checkpoints: the genesis names the first, and each entry that replaces one is signed by the
// key before and by the new one, which is checked here. kTampered if one is not.
Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis);
Result<custody::NamedItem> NamedItemIn(const store::ReadableStore& store, tlog::Sequence at);

// A key's file is what it is now (store/folder_sums.h).
Result<void> NoteKeyFile(const std::filesystem::path& file);
// `next` takes the place of `file`: it is allowed to before, and is what stands there after.
Result<void> AllowNextKeyFile(const std::filesystem::path& file, const std::filesystem::path& next);

// A change of the file of the vault's key that was cut short is ended, if the log names the file that was to
// take its place, and else undone.
Result<void> FinishKeyFile(const VaultPaths& paths, const std::optional<crypto::Sha256Digest>& named);
// The file that is ready takes the place of the other, which is overwritten once nobody can come back to it.
Result<void> PutNextKeyFileInPlace(const VaultPaths& paths);

// A store, past its head too, as those read it who ask a source.
class StoreSource final : public verify::Source {
 public:
  explicit StoreSource(const store::ReadableStore& store) : store_(store) {}
  Result<Bytes> ReadHead() const override { return Fail(ErrorCode::kNotFound, "a store keeps no head"); }
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override { return store_.ReadEntry(sequence); }
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    return store_.ReadActs(subjects);
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override { return store_.ReadHeader(sequence); }
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override {
    return store_.ReadRewrapped(sequence, under);
  }
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override { return store_.ReadBlockHashes(sequence); }
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override {
    return store_.ReadPayload(sequence, range);
  }
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return store_.ReadTile(id); }

 private:
  const store::ReadableStore& store_;
};

}  // namespace opening
}  // namespace exhibit

// A vault that is open for reading, beside a writer or on a read-only medium. It writes nothing into the vault's folder.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/access_grant.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/log_keys.h"
#include "vault/custody/state.h"
#include "vault/seal/item_reader.h"
#include "vault/seal/recipient.h"
#include "vault/session/vault_paths.h"
#include "vault/store/engine.h"
#include "vault/store/store.h"
#include "vault/tlog/cosigner_key.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/lost_entries.h"
#include "vault/verify/source.h"

namespace exhibit {

struct OpenOptions {
  // Files of signed checkpoints that the log must extend, beside the head in the user's state directory.
  std::vector<std::filesystem::path> pins;
  const store::Engine* engine = nullptr;           // of its store; null for RocksDB in the vault's folder
  const std::atomic<bool>* interrupted = nullptr;  // ends a wait for another writer
  verify::LostEntries* lost = nullptr;             // learns which entries were asked for and are lost
};

// A kept head that this log does not extend: the log was rolled back, or is another one.
struct LostHead {
  std::string where;
  Bytes note;
  tlog::Checkpoint checkpoint;
  std::string why;
};

class VaultReader;
struct ContradictedVault {
  std::unique_ptr<VaultReader> vault;
  std::vector<LostHead> lost;  // none if `VaultReader::Open` opens it too
};

class VaultReader final : public verify::Source {
 public:
  // Opens for reading, beside a writer or on a read-only medium, and keeps the head in
  // the user's state directory if it is newer than the one there.
  //   kNotFound     no vault there
  //   kTampered     the store has less or other entries than its head (store/head_check.h), or than a head that
  //                 was kept or pinned (verify/kept_check.h); both heads are in the message
  //   kUnsupported  written by a newer version
  static Result<std::unique_ptr<VaultReader>> Open(const std::filesystem::path& folder,
                                                   const OpenOptions& options = {});

  // Opens a vault that `Open` refuses because a head contradicts it, to show that or to recover: at its
  // head or, if the store lost entries that the head signs, at the newest recorded checkpoint whose entries
  // it still has. Keeps no head. Errors as of `Open`, and kTampered if it has those of no checkpoint.
  static Result<ContradictedVault> OpenContradicted(const std::filesystem::path& folder,
                                                    const OpenOptions& options = {});

  const tlog::Checkpoint& head() const { return head_; }
  // The head as the log signed it, without cosignatures.
  ByteView head_note() const { return head_note_; }
  const custody::SignedEntry& genesis() const { return genesis_; }
  custody::Fingerprint fingerprint() const { return *custody::Fingerprint::From(genesis_.leaf().view()); }
  // The file with the head that this user kept before, and that the log extends; nothing if the vault is seen for the first time.
  const std::optional<std::filesystem::path>& kept_before() const { return kept_before_; }
  // Remarks for the user, such as that this vault is seen here for the first time.
  const std::vector<std::string>& remarks() const { return remarks_; }

  // An entry of the acknowledged log, parsed. kNotFound past the head; kTampered if it is lost (verify/lost_entries.h).
  Result<custody::SignedEntry> Entry(tlog::Sequence sequence) const;
  // Likewise, and nothing where it is lost.
  Result<std::optional<custody::SignedEntry>> EntryIfHere(tlog::Sequence sequence) const;

  // Which key signs checkpoints of which size, from the entries that replaced one.
  Result<custody::LogKeys> ReadLogKeys() const;

  // How many entries are stored after the head: a writer is at work, or was interrupted and the next one signs over them.
  Result<std::uint64_t> CountUnacknowledged() const;

  // kTampered if the store lost entries after the head and holds later ones: nothing can be appended to such a log.
  Result<void> CheckNoHole() const;

  // The state of the law at the head, from the acts that the index names: its cost follows
  // their number and not the log's length. kTampered if one of them breaks a rule. Of a log that lost a law entry it is
  // what the others say: state.unread() names it.
  Result<custody::State> State() const;

  // The fields of the sealed file of an entry, from its header, layout line, nonce and tail alone. Reading fields is no
  // access: they are not the original. kNotFound of an entry without a sealed file, or of one that was destroyed.
  Result<custody::FieldList> ReadFields(const custody::SignedEntry& entry, seal::Identities keys) const;

  // Writes the original of an item to `sink`, in order. Each byte was authenticated; size and all digests that its fields
  // tell are compared at the end, and the result is kTampered if they differ. kDenied if `grant` is not for reading it,
  // kInvalid if the entry is no item or its original is kept elsewhere.
  Result<custody::ItemFacts> ReadContent(const custody::AccessGrant& grant, const custody::SignedEntry& entry,
                                         seal::Identities keys, const seal::ItemReader::Sink& sink) const;
  // The bytes `range` of it: reads the frames that hold them and no others, and so compares no digest. kInvalid if it
  // goes beyond the original.
  Result<custody::ItemFacts> ReadContentRange(const custody::AccessGrant& grant, const custody::SignedEntry& entry,
                                              seal::Identities keys, ByteRange range,
                                              const seal::ItemReader::Sink& sink) const;

  // Keeps the cosignatures of an answer beside the head, with those that are there (witness/add_checkpoint.h
  // says what is taken). Gives the checkpoint with all of them.
  Result<Bytes> KeepCosignatures(std::string_view answer, std::span<const tlog::CosignerKey> witnesses) const;

  // The checkpoint of this size, as the log signed it; nothing was checked. kNotFound if none was recorded.
  Result<Bytes> ReadCheckpoint(tlog::TreeSize size) const { return store_->ReadCheckpoint(size); }

  // The checkpoints in cosigned/, by the names of their files, as they lie there: nothing was checked.
  Result<std::vector<verify::KeptCheckpoint>> ReadCosigned() const;

  // verify::Source
  // With the cosignatures that were collected for it.
  Result<Bytes> ReadHead() const override;
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override;
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override {
    return store_->ReadActs(subjects);
  }
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override { return store_->ReadHeader(sequence); }
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override {
    return store_->ReadRewrapped(sequence, under);
  }
  Result<Bytes> ReadLayout(tlog::Sequence sequence) const override { return store_->ReadLayout(sequence); }
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override { return store_->ReadBlockHashes(sequence); }
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override {
    return store_->ReadPayload(sequence, range);
  }
  Result<std::vector<verify::MediumFault>> CheckMedium() const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override { return store_->ReadTile(id); }

 private:
  friend class VaultWriter;
  static Result<std::unique_ptr<VaultReader>> OpenOnce(const VaultPaths& paths, const OpenOptions& options);
  VaultReader(const VaultPaths& paths, std::unique_ptr<store::ReadableStore> store, custody::SignedEntry genesis,
              Bytes head_note, tlog::Checkpoint head, verify::LostEntries* lost);
  struct Heads;
  static Result<Heads> ReadHeads(const VaultPaths& paths);
  Result<void> CompareWithUserHead(const std::filesystem::path& folder, const Heads& heads,
                                   const custody::LogKeys& keys);
  Result<void> CompareWithPins(const OpenOptions& options, const custody::LogKeys& keys) const;

  std::filesystem::path CosignedPath() const;
  Result<std::vector<verify::MediumFault>> LookAtMedium() const;

  Result<void> CheckIsInLog(tlog::Sequence sequence) const;

  std::filesystem::path lock_file_;
  std::filesystem::path cosigned_folder_;
  verify::LostEntries* lost_;
  std::unique_ptr<store::ReadableStore> store_;
  custody::SignedEntry genesis_;
  Bytes head_note_;
  tlog::Checkpoint head_;
  std::optional<std::filesystem::path> kept_before_;
  std::vector<std::string> remarks_;
};

}  // namespace exhibit

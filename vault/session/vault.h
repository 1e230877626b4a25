// A vault: one folder, one log, its items. This is the face of the library; start here.
//
//   DIR/
//     HEAD                    the signed checkpoint that was last acknowledged
//     LOCK                    held by the one who adds
//     cosigned/<size>         the checkpoint of that size with the cosignatures that were collected for it
//     keys/SHA256SUMS         digests of the two below; so in cosigned/ (store/folder_sums.h)
//     keys/log.key            signs checkpoints; an age file under a passphrase, or plain (0600)
//     keys/log.key.next       while the log's key is being replaced: the one that takes its place
//     keys/reader.age         the vault's secret half, sealed to its readers; `age -d` opens it
//     keys/reader.age.next    while that is being replaced: what takes its place
//     store/                  entries, tiles, headers, blocks, checkpoints (store/rocks_store.h)
//
// A vault is made by `InitVault`, read through `VaultReader` (which writes nothing into DIR), and
// added to through `VaultWriter`. Adding needs the log's key and a custodian's signing key, and no
// secret of the readers. Every open compares the store with HEAD and with the head that the user's
// state directory keeps, and refuses a log that lost its end or is another one; nothing is repaired.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/file_lock.h"
#include "vault/base/parallel.h"
#include "vault/custody/access_grant.h"
#include "vault/custody/key_file.h"
#include "vault/custody/state.h"
#include "vault/seal/metadata.h"
#include "vault/seal/recipient.h"
#include "vault/session/reader_keys.h"
#include "vault/store/appender.h"
#include "vault/store/engine.h"
#include "vault/store/store.h"
#include "vault/verify/kept_check.h"
#include "vault/verify/source.h"

namespace exhibit {

struct VaultPaths {
  explicit VaultPaths(const std::filesystem::path& vault)
      : head(vault / "HEAD"),
        lock(vault / "LOCK"),
        log_key(vault / "keys" / "log.key"),
        next_log_key(vault / "keys" / "log.key.next"),
        reader_key(vault / "keys" / "reader.age"),
        next_reader_key(vault / "keys" / "reader.age.next"),
        cosigned(vault / "cosigned"),
        store(vault / "store") {}
  std::filesystem::path head;
  std::filesystem::path lock;
  std::filesystem::path log_key;
  std::filesystem::path next_log_key;
  std::filesystem::path reader_key;
  std::filesystem::path next_reader_key;
  std::filesystem::path cosigned;
  std::filesystem::path store;
};

// The default path of the user's signing key for `origin`:
// $XDG_CONFIG_HOME/exhibit/keys/<origin>.key, else ~/.config/exhibit/keys/… kNotFound without both.
Result<std::filesystem::path> UserKeyPath(const tlog::Origin& origin);

// The signing key in `file` or, if that is empty, in the user's file for `origin`. kNotFound if it is not
// there, kDenied if the passphrase does not open it.
Result<tlog::SigningKey> LoadCustodianKey(const std::filesystem::path& file, const tlog::Origin& origin,
                                          const custody::PassphraseProvider& passphrase);

// Whether the file system lets this user add to the vault: kPermission, with a way out, on a read-only medium
// or without the right to write. Call it before asking the user for anything.
Result<void> CheckWritable(const std::filesystem::path& vault);

struct InitOptions {
  std::filesystem::path folder;
  tlog::Origin origin;
  std::string custodian_name;  // for people; the key's name is made of it
  std::vector<seal::X25519Recipient> readers;
  // Seals the secret half of the vault key if there are no readers.
  const crypto::SecretText* reader_passphrase = nullptr;
  // Seals both signing keys; null keeps them plain.
  const crypto::SecretText* key_passphrase = nullptr;
  std::filesystem::path custodian_key;  // the file to write
  seal::WorkFactor work = seal::kWritingWorkFactor;
  const store::Engine* engine = nullptr;  // of its store; null for RocksDB in the vault's folder
};

struct InitResult {
  custody::Fingerprint fingerprint;
  tlog::VerifierKey log_key;
  tlog::VerifierKey custodian_key;
  seal::X25519Recipient recipient;
  tlog::Checkpoint checkpoint;
};

// Makes a vault. The folder appears whole or not at all.
//   kExists    the folder is not empty, the key file is there, or the user's state directory keeps a
//              head of this origin: an origin names one vault, ever
//   kInvalid   the custodian's name cannot be one
Result<InitResult> InitVault(const InitOptions& options);

struct OpenOptions {
  // Files of signed checkpoints that the log must extend, beside the head in the user's state directory.
  std::vector<std::filesystem::path> pins;
  const store::Engine* engine = nullptr;  // of its store; null for RocksDB in the vault's folder
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
  const custody::SignedEntry& genesis() const { return genesis_; }
  custody::Fingerprint fingerprint() const { return *custody::Fingerprint::From(genesis_.leaf().view()); }
  // The file with the head that this user kept before, and that the log extends; nothing if the vault is seen for the first time.
  const std::optional<std::filesystem::path>& kept_before() const { return kept_before_; }
  // Remarks for the user, such as that this vault is seen here for the first time.
  const std::vector<std::string>& remarks() const { return remarks_; }

  // An entry of the acknowledged log, parsed. kNotFound past the head.
  Result<custody::SignedEntry> Entry(tlog::Sequence sequence) const;

  // Which key signs checkpoints of which size, from the entries that replaced one.
  Result<custody::LogKeys> ReadLogKeys() const;

  // The state of the law at the head, from the acts that the index names: its cost follows
  // their number and not the log's length. kTampered if one of them breaks a rule.
  Result<custody::State> State() const;

  // The metadata of the sealed file of an entry, from its header, nonce and tail alone.
  Result<seal::Metadata> ReadMetadata(const custody::SignedEntry& entry, seal::Identities keys) const;

  // Writes the original of an item to `sink`, in order. Each byte was authenticated; digests and size
  // are compared at the end, and the result is kTampered if they differ. kDenied if `grant` is not for reading it.
  Result<seal::Metadata> ReadContent(const custody::AccessGrant& grant, const custody::SignedEntry& entry,
                                     seal::Identities keys, const seal::ContentDecoder::Sink& sink) const;

  // What a sealed text of the vault's own says: a note, or the dates of a case. It is no evidence, and reading it is
  // not recorded. kInvalid of another entry.
  Result<std::string> ReadSealedText(const custody::SignedEntry& entry, seal::Identities keys) const;

  // The grant of an export that entry `sequence` of the acknowledged log announced. kInvalid if it does not announce
  // the export of exactly these items to these recipients.
  Result<custody::AccessGrant> FindAnnounced(tlog::Sequence sequence, const custody::ItemSet& items,
                                             const std::vector<std::string>& recipients) const;

  // Keeps the cosignatures of an answer beside the head, with those that are there (witness/add_checkpoint.h
  // says what is taken). Gives the checkpoint with all of them.
  Result<Bytes> KeepCosignatures(std::string_view answer, std::span<const tlog::VerifierKey> witnesses) const;

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
              Bytes head_note, tlog::Checkpoint head);
  Result<seal::Metadata> OpenContent(const custody::SignedEntry& entry, seal::Identities keys,
                                     const seal::ContentDecoder::Sink& sink) const;
  struct Heads;
  static Result<Heads> ReadHeads(const VaultPaths& paths);
  Result<void> CompareWithUserHead(const std::filesystem::path& folder, const Heads& heads,
                                   const custody::LogKeys& keys);
  Result<void> CompareWithPins(const OpenOptions& options, const custody::LogKeys& keys) const;

  std::filesystem::path CosignedPath() const;
  Result<std::vector<verify::MediumFault>> LookAtMedium() const;

  std::filesystem::path lock_file_;
  std::filesystem::path cosigned_folder_;
  std::unique_ptr<store::ReadableStore> store_;
  custody::SignedEntry genesis_;
  Bytes head_note_;
  tlog::Checkpoint head_;
  std::optional<std::filesystem::path> kept_before_;
  std::vector<std::string> remarks_;
};

class VaultWriter {
 public:
  struct Options {
    std::filesystem::path folder;
    std::filesystem::path custodian_key;  // empty: UserKeyPath
    std::chrono::milliseconds patience{0};
    custody::Act act = custody::Act::kItem;  // what the key must be permitted to do
    OpenOptions opening = {};
  };
  // Takes the lock, checks as VaultReader does, opens the keys, and signs over what an interrupted
  // writer left. kBusy if another process adds, kDenied if the key may not do what it is opened for.
  static Result<std::unique_ptr<VaultWriter>> Open(const Options& options,
                                                   const custody::PassphraseProvider& passphrase, Pool& pool);

  // Commits the act, and then destroys header and payload of the item. Interrupted in between, the next
  // writer's opening destroys them: the entry that says so is in the log already.
  Result<store::Committed> Shred(custody::Shred shred, const tlog::SigningKey* cosigner);

  // Goes on from a restored copy: records each lost head in an entry, and puts the present head
  // in the place of those that were kept. Lost heads that the log records already, as where a second user
  // recovers, get no second entry. The lost heads are kept in `kept` first, as evidence.
  struct Recovery {
    std::vector<LostHead> lost;
    std::vector<std::filesystem::path> kept;
    std::vector<tlog::Sequence> entries;
    tlog::Checkpoint head;
  };
  // Told what will be given up; an error of its ends it with nothing changed.
  using Confirm = std::function<Result<void>(const ContradictedVault&)>;
  // Errors as of Open; kNotFound if nothing contradicts.
  static Result<Recovery> Recover(const Options& options, const std::string& reason, const Confirm& confirm,
                                  const custody::PassphraseProvider& passphrase, Pool& pool);

  // Puts a new key in the place of the log's (custody/log_keys.h): it is written beside the old one, an entry
  // that both sign names it, the head is signed with it, and the old one is overwritten and gone. A crash
  // between leaves both; the next writer goes on with the one that the log names. `passphrase`, if not null,
  // seals the new key. Nothing else may be done with this writer afterwards.
  struct NewLogKey {
    const crypto::SecretText* passphrase = nullptr;
    std::optional<Moment> compromised_since = {};  // of the old one
    seal::WorkFactor work = seal::kWritingWorkFactor;
  };
  Result<store::Committed> RotateLogKey(const NewLogKey& request);

  // From an entry on, the vault's key is sealed to these readers and to nobody else. `keys` are those that
  // the file holds now (OpenReaderKeys). A crash leaves the old file or the new one, and the next writer ends
  // what was begun.
  Result<store::Committed> ChangeReaders(std::vector<custody::Reader> readers, seal::Identities keys,
                                         const tlog::SigningKey* cosigner);

  // Puts a new key pair in the place of the vault's, or goes on where that was interrupted: every earlier
  // sealed file gets a header for it, in groups, with an entry for each; content and original headers stay as
  // they are. The file of the vault's key holds both secrets until the last group is done, then the new alone.
  struct ResealRequest {
    seal::Identities keys;                           // that the file holds now
    const crypto::SecretText* passphrase = nullptr;  // seals the file where there are no readers
    const tlog::SigningKey* cosigner = nullptr;
    std::function<void(std::uint64_t done, std::uint64_t all)> on_progress = {};
    const std::atomic<bool>* interrupted = nullptr;
    std::size_t group = custody::Reseal::kMaxItems;
    seal::WorkFactor work = seal::kWritingWorkFactor;
  };
  struct Resealed {
    std::vector<tlog::Sequence> entries;
    std::uint64_t items = 0;
    seal::X25519Recipient recipient;
    tlog::Checkpoint checkpoint;
  };
  //   kTampered     an item's header is not the one that was signed
  //   kInterrupted  after a group; finished groups stay
  Result<Resealed> Reseal(const ResealRequest& request, Pool& pool);
  // Whether a reseal was begun and not ended.
  Result<bool> IsResealing() const;

  // Which entry holds the item that a collector numbered so, if one does.
  Result<std::optional<tlog::Sequence>> FindCollected(const custody::CollectedNumber& number) const;

  // As store::Appender has them; acknowledged when they return.
  Result<store::Committed> Commit(std::vector<store::Pending> group, std::unique_ptr<store::SealedStage> stage) {
    return appender_.Commit(std::move(group), std::move(stage));
  }
  Result<store::Committed> CommitAct(custody::EntryBody body, const tlog::SigningKey* cosigner = nullptr) {
    return appender_.CommitAct(std::move(body), cosigner);
  }
  // Records that content is about to be read or exported, and gives the right to it.
  Result<custody::AccessGrant> CommitAccess(custody::Access access);
  Result<custody::Signers> MayCommit(const custody::EntryBody& body, const tlog::SigningKey* cosigner) const {
    return appender_.MayCommit(body, cosigner);
  }
  // Where a large sealed file goes before its entry is committed. One at a time.
  Result<std::unique_ptr<store::SealedStage>> NewStage() { return store_->NewStage(); }

  Result<custody::SignedEntry> Entry(tlog::Sequence sequence) const;
  const custody::State& state() const { return appender_.state(); }
  tlog::Checkpoint head() const { return appender_.head(); }
  const tlog::SigningKey& custodian_key() const { return custodian_key_; }
  const custody::Genesis& genesis() const { return std::get<custody::Genesis>(genesis_.parsed().body); }
  // How many entries of an interrupted writer were signed over.
  std::uint64_t adopted() const { return adopted_; }

 private:
  // Behind `reader`, whose head is the one to go on from.
  static Result<std::unique_ptr<VaultWriter>> OpenBehind(FileLock lock, const VaultReader& reader,
                                                         const Options& options,
                                                         const custody::PassphraseProvider& passphrase, Pool& pool);
  // All that a writer is made of. A writer that was constructed can commit.
  struct Parts;
  VaultWriter(Parts parts, Pool& pool);
  // What the crash of another writer left past the head or half done, and a power cut of the head's record.
  Result<void> GoOn(ByteView head_note);
  Result<void> EndShredding();
  // Writes the file that is to take the place of the vault's key.
  Result<crypto::Sha256Digest> PrepareKeyFile(seal::Identities keys, const KeyFileSeal& seal) const;
  // Sealed files, neither shredded nor sealed to this key. REQUIRES: it is the present key, or a new one.
  Result<std::vector<tlog::Sequence>> ItemsToReseal(const seal::X25519Recipient& to) const;
  struct KeyChange;
  Result<store::Committed> ResealGroup(const ResealRequest& request, const KeyChange& change,
                                       std::span<const tlog::Sequence> items, Pool& pool);

  FileLock lock_;
  VaultPaths paths_;
  std::unique_ptr<store::Store> store_;
  custody::SignedEntry genesis_;
  std::vector<tlog::SigningKey> log_keys_;
  tlog::SigningKey custodian_key_;
  store::Appender appender_;
  std::uint64_t adopted_ = 0;
};

}  // namespace exhibit

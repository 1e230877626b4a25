// A vault that is open for writing: it holds the vault's lock, the log's key and a custodian's.
//
// A writer that exists can commit. Opening one changes nothing before a reader's checks have passed, and then signs over
// what an interrupted writer left. It hands out neither its store nor its appender: jobs that need more than its public
// face are in work/ (session/writer_hands.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "vault/base/file_lock.h"
#include "vault/base/parallel.h"
#include "vault/custody/access_grant.h"
#include "vault/custody/key_file.h"
#include "vault/session/vault_paths.h"
#include "vault/session/vault_reader.h"
#include "vault/store/appender.h"

namespace exhibit {

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
  friend struct WriterHands;
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

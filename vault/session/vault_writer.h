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
#include "vault/session/failed_disk.h"
#include "vault/session/log_secrets.h"
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
    // What the key must be permitted to do. For custody::Recovery::kForm it is the key that will be admitted.
    const custody::ActForm& act = custody::Item::kForm;
    OpenOptions opening = {};
  };
  // Takes the lock, checks as VaultReader does, opens the keys, and signs over what an interrupted
  // writer left.
  //   kBusy         another process adds
  //   kDenied       the key may not do what the writer is opened for
  //   kTampered     a law entry is lost, and this act depends on what it said (MayGoOnWithoutLaw)
  //   kUnsupported  the log has a key with which this build cannot sign
  //   kIo           also where the disk failed under an earlier writer of this process (failed_disk.h)
  static Result<std::unique_ptr<VaultWriter>> Open(const Options& options,
                                                   const custody::PassphraseProvider& passphrase, Pool& pool);

  // Which entry holds the item that a collector numbered so, if one does.
  Result<std::optional<tlog::Sequence>> FindCollected(const custody::CollectedNumber& number) const;

  // As store::Appender has them; acknowledged when they return.
  Result<store::Committed> Commit(std::vector<store::Pending> group, std::unique_ptr<store::SealedStage> stage,
                                  const store::Appender::MakeLast& last = {}) {
    return failed_disk::Noted(paths_.store, appender_.Commit(std::move(group), std::move(stage), last));
  }
  Result<store::Committed> CommitAct(store::Appender::Act act) {
    return failed_disk::Noted(paths_.store, appender_.CommitAct(std::move(act)));
  }
  // Records that these items are about to be read, proved or exported, in as many entries as that takes, and gives the
  // right to it. `fields`: what the entries say beside `act` and `items`, such as purpose and recipients. `cases`: whose
  // labels they get. kInvalid for no items, and for an export of more than one entry names.
  Result<custody::AccessGrant> CommitAccess(custody::AccessWay way, const std::vector<tlog::Sequence>& items,
                                            const store::Fields& fields, const std::vector<std::string>& cases = {});
  Result<custody::Signers> MayCommit(const store::Appender::Act& act) const { return appender_.MayCommit(act); }
  // Seals to the vault's present recipient, with labels of any case.
  const store::EntrySealer& sealer() const { return appender_.sealer(); }
  // Where a large sealed file goes before its entry is committed. One at a time.
  Result<std::unique_ptr<store::SealedStage>> NewStage() { return store_->NewStage(); }

  Result<custody::SignedEntry> Entry(tlog::Sequence sequence) const;
  // Nothing where it is lost, which `OpenOptions::lost` learns.
  Result<std::optional<custody::SignedEntry>> EntryIfHere(tlog::Sequence sequence) const;
  const custody::State& state() const { return appender_.state(); }
  tlog::Checkpoint head() const { return appender_.head(); }
  const tlog::SigningKey& custodian_key() const { return custodian_key_; }
  const custody::Genesis& genesis() const { return std::get<custody::Genesis>(genesis_.parsed().body); }
  // How many entries of an interrupted writer were signed over.
  std::uint64_t adopted() const { return adopted_; }
  // For the user: files in keys/ that are damaged or missing, which nothing here needed; what is in cut/ (cut_files.h).
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  friend struct WriterHands;
  // Behind `reader`, whose head is the one to go on from.
  static Result<std::unique_ptr<VaultWriter>> OpenBehind(FileLock lock, const VaultReader& reader,
                                                         const Options& options,
                                                         const custody::PassphraseProvider& passphrase, Pool& pool);
  static Result<std::unique_ptr<VaultWriter>> Make(FileLock lock, const VaultReader& reader, const Options& options,
                                                   const custody::PassphraseProvider& passphrase, Pool& pool);
  // All that a writer is made of. A writer that was constructed can commit.
  struct Parts;
  VaultWriter(Parts parts, Pool& pool);
  // What the crash of another writer left past the head or half done, and a power cut of the head's record.
  Result<void> GoOn(ByteView head_note);
  Result<void> EndDestroying();
  Result<void> LookAtKeyFiles();

  FileLock lock_;
  VaultPaths paths_;
  std::unique_ptr<store::Store> store_;
  custody::SignedEntry genesis_;
  LogSecrets log_keys_;
  tlog::SigningKey custodian_key_;
  std::optional<custody::LabelSecret> label_secret_;  // nothing where keys/label.key is missing
  store::Appender appender_;
  verify::LostEntries* lost_;
  std::uint64_t adopted_ = 0;
  std::vector<std::string> remarks_;
};

}  // namespace exhibit

// The folder of a collecting machine: everything that it needs to seal items for a vault, and nothing that opens one.
//
//   vault           one line of JSON: {"v":1,"origin":…,"fingerprint":"<hex>","recipient":"age1…","label_count":4}
//   collector.key   its signing key, under a passphrase or plain (0600)
//   cases           a case key a line (custody/labels.h), of the cases that it collects for; may be empty; a secret (0600)
//   state           one line of JSON: {"v":1,"number":3,"prev":"<hex>"}, its last number and the digest of its last statement
//   journal         what it collected before, with journal.new and journal.lock (intake/journal.h)
//   LOCK            held while it collects
//
// Whoever steals the folder can seal false items in the collector's name until the key is retired, and knows the labels of
// its cases. Items that were collected before are sealed to the vault key, and the thief cannot open them.
//
// The state is on the disk before a statement is: after a crash a number may be missing in the series, and none is there
// twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/file_lock.h"
#include "vault/custody/forms.h"
#include "vault/custody/key_file.h"
#include "vault/custody/labels.h"
#include "vault/custody/statements/collected.h"
#include "vault/custody/vault_recipient.h"
#include "vault/store/entry_sealer.h"

namespace exhibit::intake {

// What a collector knows of its vault: the public half.
struct CollectorSetup {
  tlog::Origin origin;
  custody::Fingerprint fingerprint;
  custody::VaultRecipient recipient;
  custody::LabelCount label_count;
  static constexpr auto kMembers =
      std::tuple(Member{"origin", &CollectorSetup::origin}, Member{"fingerprint", &CollectorSetup::fingerprint},
                 Member{"recipient", &CollectorSetup::recipient}, Member{"label_count", &CollectorSetup::label_count});
};

// Where it stands in its series.
struct CollectorState {
  std::uint64_t number = 0;       // of its last item; 0 before the first
  custody::StatementDigest prev;  // of its last statement; zeros before the first
  static constexpr auto kMembers =
      std::tuple(Member{"number", &CollectorState::number}, Member{"prev", &CollectorState::prev});
};

// The files `vault` and `state`, a line each: one spelling. kInvalid naming the member; kUnsupported for another version.
std::string LineOf(const CollectorSetup& setup);
std::string LineOf(const CollectorState& state);
Result<CollectorSetup> ParseCollectorSetup(std::string_view line);
Result<CollectorState> ParseCollectorState(std::string_view line);

struct NewCollector {
  std::filesystem::path folder;
  CollectorSetup setup;
  tlog::KeyName handle;                            // the name of its key, which the vault gives
  std::vector<custody::GivenCaseKey> cases = {};   // that it collects for
  const crypto::SecretText* passphrase = nullptr;  // seals its key; null keeps it plain
  seal::WorkFactor work = seal::kWritingWorkFactor;
};
// Makes the folder, whole or not at all, with a new key. kExists if the path exists.
Result<tlog::VerifierKey> MakeCollectorFolder(const NewCollector& made);

// Where the journal of what a collector put into drops is. Beside its key, so that it goes where the collector goes, and the
// machine that evidence is taken from keeps nothing.
std::filesystem::path JournalIn(const std::filesystem::path& collector_folder);

// The folder, opened to collect: one process at a time.
class Collector {
 public:
  // kNotFound if it is no such folder, kInvalid for a file of another form, kBusy while another process
  // collects with it, kDenied if the passphrase does not open the key; kUnsupported for a hybrid recipient where there is
  // no ML-KEM.
  static Result<Collector> Open(const std::filesystem::path& folder, const custody::PassphraseProvider& passphrase);

  const CollectorSetup& setup() const { return setup_; }
  const tlog::SigningKey& key() const { return key_; }
  custody::Actor actor() const { return custody::Actor::Of(key_.verifier()); }
  // Seals to the vault, with labels of the cases whose keys are here.
  const store::EntrySealer& sealer() const { return sealer_; }
  // The number of the last item; 0 before the first.
  std::uint64_t last() const { return state_.number; }

  // Signs statements of these sealed files, of the next numbers, and takes those numbers for ever: durable before it
  // returns, so that no two items ever share one.
  Result<std::vector<custody::SignedCollected>> Sign(std::span<const custody::SealedFile> files);
  // The statement that ends a run: up to the last number. Durable likewise.
  Result<custody::SignedClosedRun> SignEnd();

 private:
  Collector(std::filesystem::path folder, FileLock lock, CollectorSetup setup, tlog::SigningKey key,
            store::EntrySealer sealer, const CollectorState& state);
  Result<void> Take(const CollectorState& next);

  std::filesystem::path folder_;
  FileLock lock_;
  CollectorSetup setup_;
  tlog::SigningKey key_;
  store::EntrySealer sealer_;
  CollectorState state_;
};

}  // namespace exhibit::intake

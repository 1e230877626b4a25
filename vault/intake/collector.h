// The folder of a collecting machine: everything that it needs to seal items for a vault, and nothing that
// opens one.
//
//   vault           one line of JSON: {"v":1,"origin":…,"fingerprint":"<hex>","recipient":"age1…"}
//   collector.key   its signing key, under a passphrase or plain (0600)
//   next            the number of its next item, decimal, with a line feed
//   LOCK            held while it collects
//
// Whoever steals the folder can seal false items in the collector's name until the key is retired. Items that were
// collected before are sealed to the vault key, and the thief cannot open them.
#pragma once

#include <cstdint>
#include <filesystem>

#include "vault/base/error.h"
#include "vault/base/file_lock.h"
#include "vault/custody/key_file.h"
#include "vault/custody/state.h"
#include "vault/seal/recipient.h"

namespace exhibit::intake {

// What a collector knows of its vault: the public half.
struct CollectorSetup {
  tlog::Origin origin;
  custody::Fingerprint fingerprint;
  seal::X25519Recipient recipient;
};

// Makes the folder, whole or not at all, with a new key of this name. `passphrase`, if not null, seals it.
// kExists if the path exists.
Result<tlog::VerifierKey> MakeCollectorFolder(const std::filesystem::path& folder, const CollectorSetup& setup,
                                              tlog::KeyName name, const crypto::SecretText* passphrase,
                                              seal::WorkFactor work = seal::kWritingWorkFactor);

// The folder, opened to collect: one process at a time.
class Collector {
 public:
  // kNotFound if it is no such folder, kInvalid for a file of another form, kBusy while another process
  // collects with it, kDenied if the passphrase does not open the key.
  static Result<Collector> Open(const std::filesystem::path& folder, const custody::PassphraseProvider& passphrase);

  const CollectorSetup& setup() const { return setup_; }
  const tlog::SigningKey& key() const { return key_; }
  // The number of the next item.
  std::uint64_t next() const { return next_; }
  // Takes so many numbers for ever: durable before the first is used, so that no two items ever share one.
  // Returns the first.
  Result<std::uint64_t> Take(std::uint64_t count);

 private:
  Collector(std::filesystem::path folder, FileLock lock, CollectorSetup setup, tlog::SigningKey key,
            std::uint64_t next);
  std::filesystem::path folder_;
  FileLock lock_;
  CollectorSetup setup_;
  tlog::SigningKey key_;
  std::uint64_t next_;
};

}  // namespace exhibit::intake

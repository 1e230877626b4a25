// A kit: all that must be kept elsewhere so that a vault's evidence can be used, and its readers can act, after a loss.
//
//   KIT/
//     README.txt          what each file is for, and what to do after which loss
//     print.html          one page for paper: what is short also as QR codes, so that paper alone is enough
//     fingerprint         64 hex digits: which vault
//     checkpoint          the present one, with the cosignatures that were collected
//     law.proof           a proof file (bundle/proof_file.h) of the law entries up to there: which keys sign, read and recover
//     keys/reader.age     as in the vault: opens the evidence; sealed to the readers or a passphrase
//     keys/recovery.age   as in the vault, where it has one
//     keys/log.key keys/log-pq.key keys/label.key    those of them that are under a passphrase
//     SHA256SUMS          of all files above, as `sha256sum -c` reads it
//
// Nothing of it opens evidence without a reader's identity or the passphrase. The evidence itself is not in it: that takes a
// copy of the vault's folder. The user's state directory remembers at which head the newest kit was made.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/session/vault_reader.h"

namespace exhibit::work {

struct KitRequest {
  std::filesystem::path folder;  // of the vault that is open
  std::filesystem::path out;     // must not exist
  seal::Identities keys = {};    // of the vault; empty: the kit tells handles, and not whose they are
  std::string program;
  const std::atomic<bool>* interrupted = nullptr;
};

struct MadeKit {
  tlog::Checkpoint checkpoint;
  std::vector<std::string> files;      // within the kit
  std::vector<std::string> left_out;   // as KitWords
  std::vector<std::string> cosigners;  // as KitWords
  std::string not_remembered;          // why the user's state directory does not know of it; empty if it does
};

// Writes a kit. The folder appears whole or not at all, and others cannot read it.
//   kExists    there is something at `out`
//   kTampered  a file in keys/ is not the one that the log names, or was never whole
//   kNotFound  one of them is missing
Result<MadeKit> MakeKit(const VaultReader& vault, const KitRequest& request);

// How the newest kit that this user made compares with the log.
struct KitAge {
  std::optional<tlog::TreeSize> made_at;    // the size of the log; nothing if none was made
  std::optional<tlog::Sequence> newer_law;  // the newest entry after it that a kit should know of
  std::string newer_type;                   // its type
};
Result<KitAge> AgeOfKit(const VaultReader& vault);

}  // namespace exhibit::work

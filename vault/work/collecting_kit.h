// Making a collecting kit (bundle/collecting_kit.h draws it): the collector's folder, the programs, a start script, a page, and
// the list of them that a custodian signs.
//
// A copy of a kit is as good as the kit: whoever has one, and the passphrase if its key has one, seals false items in its
// collector's name until that is retired. It reads nothing.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/intake/collector.h"
#include "vault/session/vault_reader.h"
#include "vault/work/collecting_program.h"

namespace exhibit::work {

struct CollectingKitRequest {
  std::filesystem::path out;                       // a folder, or a .zip or .tar; must not exist
  tlog::KeyName handle;                            // the name of the collector's key, which the vault gives
  std::vector<custody::GivenCaseKey> cases = {};   // that it collects for
  const crypto::SecretText* passphrase = nullptr;  // seals its key; null keeps it plain
  std::vector<CollectingProgram> programs = {};
  struct Profile {
    std::string name;
    std::string text;  // TOML
  };
  std::optional<Profile> profile = {};
  const tlog::SigningKey* custodian = nullptr;  // signs the list; REQUIRES: not null
  std::string program;                          // that makes it, with its version
  const std::atomic<bool>* interrupted = nullptr;
};

struct MadeCollectingKit {
  tlog::VerifierKey key;           // the collector's
  std::vector<std::string> files;  // within the kit, which the list has
  // What somebody should know of it before it goes on a journey, a sentence each: what the medium does not keep, what a
  // program needs.
  std::vector<std::string> notes = {};
};

// The folder or container appears whole or not at all. The collector's key is not admitted yet.
//   kExists       there is something at `out`
//   kInvalid      a program is for another system, or named twice; a case cannot be written into a start script
//   kDenied       `custodian` is no custodian's key of this vault
//   kNotFound     a program is not there
//   kIo, kInterrupted
Result<MadeCollectingKit> MakeCollectingKit(const VaultReader& vault, CollectingKitRequest request);

// What is true of a kit on this medium and was not asked for: modes that it does not keep, programs that do not start from it.
// A sentence each, as in MadeCollectingKit.
std::vector<std::string> NotesOnMedium(const std::filesystem::path& kit);

}  // namespace exhibit::work

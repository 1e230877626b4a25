// The drill: whether a kit (kit.h) opens, and could act, on a machine that has no vault. It opens no evidence, and writes
// nothing.
//
//   files      each is what SHA256SUMS says
//   log        law.proof holds, by the rules of any proof; checkpoint and fingerprint are its own
//   secrets    reader.age opens with what was brought, and holds the key that the log names as its recipient; recovery.age
//              opens likewise, and holds the recovery key that the log names; log.key, with its passphrase, is the log's
//
// What it could not show is said, too: a drill that says nothing of it would be believed for more than it is.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/digests.h"
#include "vault/custody/key_file.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/policy.h"
#include "vault/verify/report.h"

namespace exhibit::work {

struct KitCheckRequest {
  std::filesystem::path kit;
  seal::Identities identities = {};  // of a reader
  // Opens what is under a passphrase. What it denies (kDenied) is not tried, and the drill says so.
  custody::PassphraseProvider passphrase;
  std::optional<custody::Fingerprint> fingerprint = {};
  const tlog::Policy* policy = nullptr;
  const std::atomic<bool>* interrupted = nullptr;
};

struct KitCheck {
  verify::Report log;                   // of law.proof
  std::vector<std::string> shown;       // what holds, a sentence each
  std::vector<std::string> faults;      // what does not
  std::vector<std::string> wrong_keys;  // what was brought does not open these
  std::vector<std::string> not_shown;   // what nothing here says
  bool opens = false;                   // reader.age was opened, and holds the vault's key

  bool ok() const { return faults.empty() && wrong_keys.empty() && log.ok(); }
};

//   kNotFound  there is no such folder
//   kInvalid   it is no kit: it has no SHA256SUMS or no law.proof
//   kInterrupted
Result<KitCheck> CheckKit(const KitCheckRequest& request, Pool& pool);

}  // namespace exhibit::work

// A small secret in an age file, armored, that readers open: the form of keys/reader.age and keys/recovery.age.
//
// It is sealed to the vault's readers or, if there are none, to a passphrase. `age -d` opens it.
#pragma once

#include <filesystem>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/custody/digests.h"
#include "vault/custody/key_file.h"
#include "vault/seal/recipient.h"

namespace exhibit {

// Whom a file is sealed to. REQUIRES: there are readers or a passphrase.
struct KeyFileSeal {
  std::vector<seal::Recipient> readers;
  const crypto::SecretText* passphrase = nullptr;  // used where there are no readers
  seal::WorkFactor work = seal::kWritingWorkFactor;
};

// The file's bytes. Errors as of seal::SealHeader.
Result<Bytes> SealKeyText(ByteView text, const KeyFileSeal& seal);

// Opens such a file with a reader's identity or with its passphrase; `what` names it in messages.
//   kDenied    an identity or a passphrase is needed, and none was given
//   kWrongKey  what was given does not open it
Result<crypto::SecretText> OpenKeyText(const std::filesystem::path& file, std::string_view what,
                                       seal::Identities identities, const custody::PassphraseProvider& passphrase);

// Whether the file is sealed to a passphrase, and its digest, which `genesis`, `reader` and `reseal` entries name.
struct KeyFileLook {
  bool passphrase = false;
  custody::KeyFileDigest digest;
};
Result<KeyFileLook> LookAtKeyFile(const std::filesystem::path& file);

}  // namespace exhibit

// Files that are sealed to a passphrase: age's scrypt stanza, alone in its header. Keys at rest have it.
//
//   stanza    -> scrypt <base64 of a salt, 16 bytes> <log2 of N>
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

// The work of deriving a key from a passphrase: N = 2^log2_n, which needs 2^log2_n KiB.
struct WorkFactor {
  int log2_n = 0;
};
// 128 MiB and about half a second. age's own default is twice that, which alone would exceed the
// 256 MiB that we promise to stay under.
inline constexpr WorkFactor kWritingWorkFactor{17};
// A file that asks for more than 4 GiB is refused: a stranger's header must not exhaust memory.
inline constexpr WorkFactor kMaxWorkFactor{22};

// kIo if the system does not give the memory for it.
Result<Bytes> SealHeaderToPassphrase(const FileKey& file_key, const crypto::SecretText& passphrase,
                                     WorkFactor work = kWritingWorkFactor);

// The file key, after the header's MAC has been checked with it. Errors as of OpenHeader (recipient.h); kDenied if the
// passphrase is wrong.
Result<FileKey> OpenHeaderWithPassphrase(const AgeHeader& header, const crypto::SecretText& passphrase);

// True if the header is sealed to a passphrase.
bool IsSealedToPassphrase(const AgeHeader& header);

// kInvalid if an scrypt stanza stands beside another one.
Result<void> CheckScryptAlone(const AgeHeader& header);

}  // namespace exhibit::seal

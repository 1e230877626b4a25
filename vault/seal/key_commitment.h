// The commitment of an entry to the key of its sealed file: `key` in the entry.
//
//   HKDF-SHA-256(secret: the file key; salt: empty; info: "exhibit key commitment"), 32 bytes
//
// ChaCha20-Poly1305 does not commit to its key: one ciphertext can be made that opens under two keys to two texts. Who
// opens any header of a sealed file compares this before anything of the payload is decrypted. So one ciphertext is one
// piece of evidence, and a header can be replaced by one for another recipient.
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

struct KeyCommitmentTag;
using KeyCommitment = Fixed<KeyCommitmentTag, 32>;

KeyCommitment CommitmentTo(const FileKey& file_key);

// kTampered unless it is the commitment to `file_key`.
Result<void> CheckCommitment(const KeyCommitment& commitment, const FileKey& file_key);

}  // namespace exhibit::seal

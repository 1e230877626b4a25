// The payload of an age file: STREAM over ChaCha20-Poly1305 (C2SP age.md "Payload").
//
//   payload = nonce (16 bytes) || sealed chunks
//   key     = HKDF-SHA-256(file key, salt = nonce, info = "payload")
//   chunk i = ChaCha20-Poly1305(key, nonce = i as 11 bytes big-endian || (last ? 1 : 0), 64 KiB)
//
// Every chunk is 64 KiB (65,552 bytes sealed) but the last, which is 1 byte to 64 KiB, and empty only
// if the whole plaintext is. A chunk's nonce holds its place: runs of chunks can be sealed and opened
// anywhere and in parallel, and reordering or cutting off is always found.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/aead.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

inline constexpr std::size_t kChunkBytes = 64 * 1024;
inline constexpr std::size_t kSealedChunkBytes = kChunkBytes + crypto::kAeadTagSize;

struct PayloadNonceTag;
using PayloadNonce = Fixed<PayloadNonceTag, 16>;
using PayloadKey = crypto::DerivedKey;

PayloadNonce NewPayloadNonce();
PayloadKey DerivePayloadKey(const FileKey& file_key, const PayloadNonce& nonce);

// Whether a run of chunks reaches the end of the payload.
enum class RunEnd : std::uint8_t { kMoreFollow, kFinal };

// The sealed size of `plaintext_bytes` that reach to the end, at least one chunk.
std::uint64_t SealedSize(std::uint64_t plaintext_bytes);

// Seals and opens runs of chunks. Not for two threads at once: each makes its own from the key.
class ChunkCipher {
 public:
  explicit ChunkCipher(const PayloadKey& key) : aead_(key) {}

  // Seals `plaintext` as chunks first, first+1, … into `sealed`, which is resized.
  // REQUIRES: a run that does not end the payload is a whole number of chunks, and not empty.
  void Seal(std::uint64_t first, RunEnd end, ByteView plaintext, Bytes& sealed);

  // Opens a run into `plaintext`, which is resized. On failure it is empty: kTampered naming the
  // chunk whose tag does not fit; kInvalid if this cannot be a run (a size that no run has, an empty
  // last chunk after others).
  Result<void> Open(std::uint64_t first, RunEnd end, ByteView sealed, Bytes& plaintext);

 private:
  crypto::Aead aead_;
};

}  // namespace exhibit::seal

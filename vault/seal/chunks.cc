#include "vault/seal/chunks.h"

#include <algorithm>
#include <string>

#include "vault/base/format.h"
#include "vault/crypto/random.h"

namespace exhibit::seal {
namespace {

crypto::AeadNonce NonceOf(std::uint64_t chunk, RunEnd end) {
  crypto::AeadNonce nonce;
  PutU64(nonce.mutable_view().subspan(3, 8), chunk);
  nonce.mutable_view()[11] = end == RunEnd::kFinal ? 1 : 0;
  return nonce;
}

}  // namespace

PayloadNonce NewPayloadNonce() {
  PayloadNonce nonce;
  crypto::FillRandom(nonce.mutable_view());
  return nonce;
}

PayloadKey DerivePayloadKey(const FileKey& file_key, const PayloadNonce& nonce) {
  return crypto::HkdfSha256(file_key.ExposeSecret(), nonce.view(), "payload");
}

std::uint64_t SealedSize(std::uint64_t plaintext_bytes) {
  const std::uint64_t chunks = std::max<std::uint64_t>(1, (plaintext_bytes + kChunkBytes - 1) / kChunkBytes);
  return plaintext_bytes + chunks * crypto::kAeadTagSize;
}

void ChunkCipher::Seal(std::uint64_t first, RunEnd end, ByteView plaintext, Bytes& sealed) {
  EXHIBIT_ASSERT(end == RunEnd::kFinal || (!plaintext.empty() && plaintext.size() % kChunkBytes == 0));
  sealed.resize(static_cast<std::size_t>(SealedSize(plaintext.size())));
  MutableByteView target = sealed;
  std::uint64_t chunk = first;
  do {
    const ByteView piece = plaintext.first(std::min(plaintext.size(), kChunkBytes));
    plaintext = plaintext.subspan(piece.size());
    const RunEnd piece_end = plaintext.empty() ? end : RunEnd::kMoreFollow;
    aead_.Seal(NonceOf(chunk++, piece_end), piece, target.first(piece.size() + crypto::kAeadTagSize));
    target = target.subspan(piece.size() + crypto::kAeadTagSize);
  } while (!plaintext.empty());
}

Result<void> ChunkCipher::Open(std::uint64_t first, RunEnd end, ByteView sealed, Bytes& plaintext) {
  plaintext.clear();
  const std::size_t last = sealed.size() % kSealedChunkBytes;
  const std::size_t count = sealed.size() / kSealedChunkBytes + (last > 0 ? 1 : 0);
  if (count == 0 || (last > 0 && (end == RunEnd::kMoreFollow || last < crypto::kAeadTagSize))) {
    return Fail(ErrorCode::kInvalid, Format("chunk {}: cut off", first + sealed.size() / kSealedChunkBytes));
  }
  if (last == crypto::kAeadTagSize && first + count > 1) {
    return Fail(ErrorCode::kInvalid, Format("chunk {}: empty, after others", first + count - 1));
  }
  plaintext.resize(sealed.size() - count * crypto::kAeadTagSize);
  MutableByteView target = plaintext;
  for (std::uint64_t chunk = first; !sealed.empty(); ++chunk) {
    const ByteView piece = sealed.first(std::min(sealed.size(), kSealedChunkBytes));
    sealed = sealed.subspan(piece.size());
    const RunEnd piece_end = sealed.empty() ? end : RunEnd::kMoreFollow;
    const std::size_t size = piece.size() - crypto::kAeadTagSize;
    if (!aead_.Open(NonceOf(chunk, piece_end), piece, target.first(size))) {
      plaintext.clear();
      return Fail(ErrorCode::kTampered, Format("chunk {}: authentication failed", chunk));
    }
    target = target.subspan(size);
  }
  return {};
}

}  // namespace exhibit::seal

#include "vault/seal/blocks.h"

#include <string>

#include "vault/base/format.h"

namespace exhibit::seal {

SealedBlock SealBlock(const PayloadKey& key, const BlockPlaintext& plaintext, Bytes buffer) {
  SealedBlock sealed{std::move(buffer), {}};
  ChunkCipher(key).Seal(plaintext.first_chunk, plaintext.end, plaintext.bytes, sealed.bytes);
  sealed.hash = crypto::HashLeaf(sealed.bytes);
  return sealed;
}

Result<void> BlockReader::Unlock(const FileKey& file_key, const KeyCommitment& commitment) {
  TRY_VOID(CheckCommitment(commitment, file_key));
  TRY(const Bytes nonce, Stored(layout_.block(0).range()));
  key_.emplace(DerivePayloadKey(file_key, *PayloadNonce::From(nonce)));
  return {};
}

Result<Bytes> BlockReader::Stored(ByteRange range) const {
  TRY(Bytes bytes, source_(range));
  if (bytes.size() == range.bytes) return bytes;
  return Fail(ErrorCode::kTampered,
              Format("payload: {} bytes from byte {} on, where {} must be", bytes.size(), range.offset, range.bytes));
}

Result<void> BlockReader::Open(const PayloadLayout::Block& chunks, Bytes& plaintext) const {
  EXHIBIT_ASSERT(key_.has_value());
  TRY(const Bytes sealed, Stored(chunks.range()));
  return ChunkCipher(*key_).Open(chunks.first_chunk, chunks.end, sealed, plaintext);
}

BlockReader::Block BlockReader::Read(std::uint64_t index) const {
  const PayloadLayout::Block place = layout_.block(index);
  Block block{Stored(place.range()), {}, {}, {}};
  if (!block.stored) return block;
  block.hash = crypto::HashLeaf(*block.stored);
  if (index == 0 || !key_) return block;
  block.opened = ChunkCipher(*key_).Open(place.first_chunk, place.end, *block.stored, block.plaintext);
  return block;
}

}  // namespace exhibit::seal

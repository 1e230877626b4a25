#include "vault/seal/sealed_file.h"

#include <optional>
#include <utility>

#include "vault/crypto/random.h"

namespace exhibit::seal {

NewSealedFile::NewSealedFile(Bytes header, const FileKey& file_key)
    : header_(std::move(header)),
      commitment_(CommitmentTo(file_key)),
      nonce_(NewPayloadNonce()),
      payload_key_(DerivePayloadKey(file_key, nonce_)) {}

Result<NewSealedFile> NewSealedFile::To(const std::vector<Recipient>& recipients) {
  const auto file_key = crypto::RandomSecret<FileKeyTag, 16>();
  TRY(Bytes header, SealHeader(file_key, recipients));
  return NewSealedFile(std::move(header), file_key);
}

void BlockHashes::Append(const crypto::LeafHash& hash) {
  hashes_.push_back(hash);
  range_.Append(hash);
}

PayloadLayout BlockHashes::LayoutOf(const PayloadLayout::Sizes& sizes) const {
  const auto layout = PayloadLayout::Create(sizes, range_.Root());
  EXHIBIT_ASSERT(layout && layout->block_count() == hashes_.size());
  return *layout;
}

SmallSealedFile SealSmall(const NewSealedFile& file, ByteView original, std::string_view field_lines,
                          CompressionLevel level) {
  EXHIBIT_ASSERT(original.size() <= kEarlyFrameBytes);
  PlaintextWriter writer;
  writer.AppendContent(CompressFrame(original, level), original.size());
  writer.Finish(field_lines);
  Bytes payload = ToBytes(file.nonce().view());
  BlockHashes hashes(file.nonce());
  while (const std::optional<BlockPlaintext> block = writer.Next()) {
    const SealedBlock sealed = SealBlock(file.payload_key(), *block);
    Append(payload, sealed.bytes);
    hashes.Append(sealed.hash);
  }
  return {file.header(), file.commitment(), std::move(payload), hashes.hashes(), hashes.LayoutOf(writer.sizes())};
}

}  // namespace exhibit::seal

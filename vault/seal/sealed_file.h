// A new sealed file: its keys, and what is there before its content is known.
//
// The header is written first, then the nonce (block 0), then each block as it is made; the layout line last. So what
// was written before a kill can be opened (cut_reader.h).
#pragma once

#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/blocks.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/key_commitment.h"
#include "vault/seal/plaintext_writer.h"
#include "vault/seal/recipient.h"

namespace exhibit::seal {

// What of a sealed file is known before its content.
class NewSealedFile {
 public:
  // A fresh file key, sealed to `recipients`, and a fresh nonce. Errors as of SealHeader.
  static Result<NewSealedFile> To(const std::vector<Recipient>& recipients);

  const Bytes& header() const { return header_; }
  const KeyCommitment& commitment() const { return commitment_; }
  const PayloadNonce& nonce() const { return nonce_; }  // block 0
  // For SealBlock, by any thread.
  const PayloadKey& payload_key() const { return payload_key_; }

 private:
  NewSealedFile(Bytes header, const FileKey& file_key);
  Bytes header_;
  KeyCommitment commitment_;
  PayloadNonce nonce_;
  PayloadKey payload_key_;
};

// Collects the hashes of the blocks, in order, from block 0 on; and makes the layout of them.
class BlockHashes {
 public:
  explicit BlockHashes(const PayloadNonce& nonce) { Append(crypto::HashLeaf(nonce.view())); }
  void Append(const crypto::LeafHash& hash);
  // REQUIRES: sizes of PlaintextWriter, and the hash of each block.
  PayloadLayout LayoutOf(const PayloadLayout::Sizes& sizes) const;
  const std::vector<crypto::LeafHash>& hashes() const { return hashes_; }

 private:
  std::vector<crypto::LeafHash> hashes_;
  crypto::CompactRange range_;
};

// A small sealed file, made at once.
struct SmallSealedFile {
  Bytes header;
  KeyCommitment commitment;
  Bytes payload;
  std::vector<crypto::LeafHash> block_hashes;
  PayloadLayout layout;
};
// Seals `original` (empty for an act without content) and the field lines to `file`, on the caller's thread.
// REQUIRES: at most kEarlyFrameBytes; field lines as of EncodeFieldsFrame; `file` is used once.
SmallSealedFile SealSmall(const NewSealedFile& file, ByteView original, std::string_view field_lines,
                          CompressionLevel level = {});

}  // namespace exhibit::seal

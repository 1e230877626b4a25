// Whole age files: small ones at once (keys), and any as a stream.
//
// A plaintext byte leaves here only after the chunk that holds it was authenticated, and a file that
// ends early fails: a caller that uses the plaintext before `Finish` succeeds uses a prefix.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/seal/chunks.h"
#include "vault/seal/recipient.h"

namespace exhibit::seal {

inline constexpr std::size_t kMaxSmallFileBytes = 1 << 20;

// A small file, binary. Errors as of SealHeader.
// REQUIRES: plaintext of at most kMaxSmallFileBytes; recipients not empty.
Result<Bytes> SealSmallFile(ByteView plaintext, const std::vector<Recipient>& recipients);
Result<Bytes> SealSmallFileToPassphrase(ByteView plaintext, const crypto::SecretText& passphrase,
                                        WorkFactor work = kWritingWorkFactor);

// True if `file` begins as an age file does, binary or armored.
bool LooksSealed(ByteView file);

// Opens a file, binary or armored. `open_header` gives the file key from the header, by identities or
// by passphrase. The plaintext goes straight into locked memory.
using HeaderOpener = std::function<Result<FileKey>(const AgeHeader&)>;
HeaderOpener WithIdentities(Identities identities);
HeaderOpener WithPassphrase(const crypto::SecretText& passphrase);
Result<crypto::SecretText> OpenSmallFile(ByteView file, const HeaderOpener& open_header);

// Decrypts a payload that arrives in pieces of any size.
class PayloadOpener {
 public:
  using Sink = std::function<Result<void>(ByteView plaintext)>;

  PayloadOpener(FileKey file_key, Sink sink);

  // Errors as for ChunkCipher::Open, and those of the sink; kTampered, too, if something follows the
  // chunk that is sealed as the last. After a failure the sink has received every genuine chunk up to the fault.
  Result<void> Push(ByteView payload);
  // The payload ended here: opens the last chunk. kInvalid if there is none; kTampered if the chunk
  // at the end is not sealed as the last.
  Result<void> Finish();

 private:
  Result<void> OpenChunk(ByteView sealed, RunEnd end);

  FileKey file_key_;
  Sink sink_;
  std::optional<ChunkCipher> cipher_;  // once the nonce is there
  Bytes pending_;                      // the nonce's beginning, or at most a chunk that may be the last
  Bytes plaintext_;
  std::uint64_t next_chunk_ = 0;
};

}  // namespace exhibit::seal

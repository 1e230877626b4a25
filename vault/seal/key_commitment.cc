#include "vault/seal/key_commitment.h"

#include "vault/crypto/kdf.h"

namespace exhibit::seal {

KeyCommitment CommitmentTo(const FileKey& file_key) {
  const crypto::DerivedKey committed = crypto::HkdfSha256(file_key.ExposeSecret(), {}, "exhibit key commitment");
  return *KeyCommitment::From(committed.ExposeSecret());
}

Result<void> CheckCommitment(const KeyCommitment& commitment, const FileKey& file_key) {
  if (CommitmentTo(file_key) == commitment) return {};
  return Fail(ErrorCode::kTampered, "file key: the header holds another key than the entry commits to");
}

}  // namespace exhibit::seal

// The request of a log to a witness (C2SP tlog-witness, add-checkpoint), over HTTP or as a file:
//
//   "old " decimal "\n"                  the size that the witness cosigned last, 0 for none
//   { base64(hash, 32 bytes) "\n" }      the consistency proof from there, at most 63
//   "\n"
//   the signed checkpoint
//
// and the answer: a status and, for 200, lines of cosignatures. Read strictly, and written again as
// the same bytes.
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/cosigner_key.h"
#include "vault/tlog/proof.h"

namespace exhibit::witness {

inline constexpr std::size_t kMaxRequestBytes = 64 * 1024;
inline constexpr std::size_t kMaxAnswerBytes = 64 * 1024;

struct AddCheckpoint {
  tlog::TreeSize old_size;
  tlog::ProofHashes proof;
  Bytes checkpoint;  // the signed note
};

// A checkpoint as a witness reads it before it knows the log (tlog-checkpoint): any origin, any root of size
// 0, and extension lines, which cosignature/v1 covers. The protocol says what is refused, and how.
struct Claim {
  std::string origin;
  tlog::TreeSize size;
  tlog::RootHash root;
};
// From the text of a note. kInvalid naming the line.
Result<Claim> DecodeClaim(std::string_view text);

Bytes EncodeAddCheckpoint(const AddCheckpoint& request);
// kInvalid naming what is wrong.
Result<AddCheckpoint> DecodeAddCheckpoint(ByteView bytes);

// The signed checkpoint with the cosignature of one of `witnesses` from an answer's lines; it replaces
// an older one of that witness. Lines of others are left out, because nobody checked them.
//   kInvalid   the answer is not lines of signatures
//   kTampered  a line of a known witness does not fit the checkpoint
//   kDenied    no line is of a known witness
Result<Bytes> WithCosignatures(ByteView signed_checkpoint, std::string_view answer,
                               std::span<const tlog::CosignerKey> witnesses);

}  // namespace exhibit::witness

// What a verifier keeps of a published log that it verified, to go on from there the next time.
//
//   "exhibit-verified-log@v1\n"
//   "fingerprint " hex "\n"
//   { "act " decimal "\n" }      entries before the checkpoint that change the state, ascending
//   "\n"
//   the signed checkpoint up to which all was verified, with the signatures of the log's keys alone
//
// It lies in the verifier's own state directory; whoever can write there decides what that verifier knows.
#pragma once

#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/log_key_list.h"
#include "vault/custody/state.h"
#include "vault/tlog/sequence.h"

namespace exhibit::publish {

inline constexpr std::size_t kMaxVerifiedLogBytes = 64 << 20;

struct VerifiedLog {
  custody::Fingerprint fingerprint;
  std::vector<tlog::Sequence> acts;
  Bytes checkpoint;  // the signed note
};

Bytes EncodeVerifiedLog(const VerifiedLog& log);
// kInvalid naming what is wrong; what is read is written again to the same bytes.
Result<VerifiedLog> DecodeVerifiedLog(ByteView bytes);

// The checkpoint with the signature lines of these keys and no others. kInvalid if it is no note, or lacks one of them.
Result<Bytes> WithLogSignaturesAlone(ByteView signed_checkpoint, const custody::LogKeyList& keys);

}  // namespace exhibit::publish

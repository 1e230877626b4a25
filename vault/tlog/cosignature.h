// Cosignatures (C2SP tlog-cosignature): a witness says that, as of a time, this checkpoint is the largest consistent one it
// has seen of the log.
//
//   Ed25519, type 0x04
//   signed   "cosignature/v1\n" "time " decimal "\n" <the checkpoint's text>
//   line     "— " name " " base64(key id[4] || time u64 || signature[64]) "\n"
//   ML-DSA-44, type 0x06: ml_dsa_key.h
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/error.h"
#include "vault/tlog/cosigner_key.h"
#include "vault/tlog/note.h"

namespace exhibit::tlog {

// Seconds since 1970, at most 2^63-1.
struct CosignatureTime {
  std::uint64_t seconds = 0;
  auto operator<=>(const CosignatureTime&) const = default;
};

// The line to append to the checkpoint's note. kInvalid if `witness` is not of type kCosignature, or as of
// MlDsaSigningKey::Sign.
Result<std::string> Cosign(std::string_view checkpoint_text, CosignatureTime time, const SigningKey& witness);
Result<std::string> Cosign(std::string_view checkpoint_text, CosignatureTime time, const CosigningKey& witness);

// The latest time at which `witness` cosigned the note. kTampered if one of its lines does not fit,
// kDenied if there is none.
Result<CosignatureTime> CheckCosignature(const SignedNote& checkpoint, const CosignerKey& witness);

}  // namespace exhibit::tlog

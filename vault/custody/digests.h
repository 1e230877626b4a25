// The digests that entries and statements name. Each is 32 bytes, and none is another.
#pragma once

#include "vault/base/bytes.h"
#include "vault/crypto/hash.h"

namespace exhibit::custody {

struct HeaderDigestTag;
struct KeyCommitmentTag;
struct PayloadDigestTag;
struct FieldsDigestTag;
struct KeyFileDigestTag;
struct FingerprintTag;
struct StatementDigestTag;
struct BundleDigestTag;
using HeaderDigest = Fixed<HeaderDigestTag, 32>;        // of a sealed file's age header
using KeyCommitment = Fixed<KeyCommitmentTag, 32>;      // to its file key
using PayloadDigest = Fixed<PayloadDigestTag, 32>;      // of its layout line
using FieldsDigest = Fixed<FieldsDigestTag, 32>;        // of a list of fields
using KeyFileDigest = Fixed<KeyFileDigestTag, 32>;      // of keys/reader.age
using Fingerprint = Fixed<FingerprintTag, 32>;          // leaf hash of entry 0: which vault
using StatementDigest = Fixed<StatementDigestTag, 32>;  // of a note, signatures included
using BundleDigest = Fixed<BundleDigestTag, 32>;        // of a bundle.note

template <typename Digest>
Digest DigestOf(ByteView bytes) {
  return *Digest::From(crypto::Sha256(bytes).view());
}

}  // namespace exhibit::custody

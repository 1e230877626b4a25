// bundle.note: its maker signs the tag manifests of a bundle with a signed note, because whoever rewrites a bag's
// manifests consistently makes a bag that every BagIt tool accepts. The note is beside them, and no manifest lists it.
// Its text is one line of JSON in the form of an entry's:
//
//   {"v":1,"statement":"bundle","origin":…,"size":5,"range":"2-4","sealed_files":2,"made_by":…,"time":…,
//    "sha256":hex,"sha512":hex}\n
//
//   size          entries of the log, as its checkpoint in the bundle says
//   range         from the first item that was asked for to the last
//   sealed_files  how many files data/<N>.age there are
//   made_by       the one signer, as "actor" writes a key
//   sha256 …      of tagmanifest-sha256.txt and of tagmanifest-sha512.txt
#pragma once

#include <cstdint>

#include "vault/base/clock.h"
#include "vault/bundle/exported.h"
#include "vault/crypto/hash.h"
#include "vault/tlog/note_key.h"

namespace exhibit::bundle {

inline constexpr std::size_t kMaxBundleNoteBytes = 8 * 1024;

struct BundleStatement {
  tlog::Origin origin;
  tlog::TreeSize size;
  LogRange range;
  std::uint64_t sealed_files = 0;
  std::string made_by;
  Moment time;
  crypto::Sha256Digest sha256;
  crypto::Sha512Digest sha512;
};

// The note. REQUIRES: `signer` is the one that made_by names.
Result<Bytes> SignBundle(const BundleStatement& statement, const tlog::SigningKey& signer);

// Strict. Does not check the signature: see custody::CheckExactSignatures. kInvalid, or kUnsupported for another
// version or statement.
Result<BundleStatement> ParseBundleNote(ByteView note);

}  // namespace exhibit::bundle

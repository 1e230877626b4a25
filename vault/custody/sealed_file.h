// What an entry, or a collector's statement, says of its sealed file. It says no size: the root of ciphertext that nobody
// outside has is the salt of the payload's digest.
//
//   labels   which cases it belongs to, for who has their keys
//   header   SHA-256 of the age header
//   key      the commitment to the file key: one ciphertext is not opened as two pieces of evidence
//   payload  SHA-256 of the layout line
//   fields   SHA-256 of the list of fields
#pragma once

#include <tuple>

#include "vault/custody/digests.h"
#include "vault/custody/forms.h"
#include "vault/custody/labels.h"

namespace exhibit::custody {

struct SealedFile {
  Labels labels;
  HeaderDigest header;
  KeyCommitment key;
  PayloadDigest payload;
  FieldsDigest fields;
  static constexpr auto kMembers = std::tuple(
      Member{"labels", &SealedFile::labels}, Member{"header", &SealedFile::header}, Member{"key", &SealedFile::key},
      Member{"payload", &SealedFile::payload}, Member{"fields", &SealedFile::fields});
  bool operator==(const SealedFile&) const = default;
};

}  // namespace exhibit::custody

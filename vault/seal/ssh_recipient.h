// An SSH Ed25519 key as a recipient, as in age: `age -d -i ~/.ssh/id_ed25519` opens files that are sealed to it.
//
//   text     "ssh-ed25519" SP base64( wire ) [ SP comment ]        a line of id_ed25519.pub or authorized_keys
//   wire     string "ssh-ed25519", string point, each after its length, 4 bytes big-endian (RFC 8709, section 4)
//   stanza   -> ssh-ed25519 <base64 of SHA-256(wire), first 4 bytes> <base64 of the ephemeral share>
//
// The point is mapped from Ed25519's curve to X25519's, and the shared secret is multiplied by a tweak derived from
// `wire`: a signing key and an X25519 key of the same point never open the same stanza. We seal to such keys and do not
// open with them, because we do not read the secret keys of SSH.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/x25519.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

class SshRecipient {
 public:
  // kInvalid naming what is wrong, kUnsupported for a key of another kind (age takes ssh-rsa too; we do not).
  static Result<SshRecipient> Parse(std::string_view text);
  // Without a comment.
  std::string ToText() const;
  // The file key, sealed.
  Stanza Seal(const FileKey& file_key) const;
  bool operator==(const SshRecipient&) const = default;

 private:
  SshRecipient(Bytes wire, const crypto::X25519Public& key) : wire_(std::move(wire)), key_(key) {}
  Bytes wire_;
  crypto::X25519Public key_;
};

}  // namespace exhibit::seal

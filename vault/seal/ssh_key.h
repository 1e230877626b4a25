// SSH Ed25519 keys as age uses them: `age -d -i ~/.ssh/id_ed25519` opens files that are sealed to one, and so do we.
//
//   recipient  "ssh-ed25519" SP base64( wire ) [ SP comment ]        a line of id_ed25519.pub or authorized_keys
//   wire       string "ssh-ed25519", string point, each after its length, 4 bytes big-endian (RFC 8709, section 4)
//   identity   "-----BEGIN OPENSSH PRIVATE KEY-----" … (openssh-key-v1), one Ed25519 key without a passphrase
//   stanza     -> ssh-ed25519 <base64 of SHA-256(wire), first 4 bytes> <base64 of the ephemeral share>
//
// The point is mapped from Ed25519's curve to X25519's, and the shared secret is multiplied by a tweak derived from
// `wire`: a signing key and an X25519 key of the same point never open the same stanza.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/x25519.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

// True if the line names a kind of SSH key, at its beginning or after options: SshRecipient::Parse says what of it.
bool LooksLikeSshKey(std::string_view line);

class SshRecipient {
 public:
  // kInvalid naming what is wrong. kUnsupported by name for a key of another kind (ssh-rsa, ecdsa-…, sk-…), for a
  // certificate, and for one with options before it: an option forbids what the key may be used for, and we could not
  // keep to it.
  static Result<SshRecipient> Parse(std::string_view text);
  static Result<SshRecipient> Of(const crypto::Ed25519Public& key);
  // Without a comment.
  std::string ToText() const;
  // The file key, sealed.
  Stanza Seal(const FileKey& file_key) const;
  bool operator==(const SshRecipient&) const = default;

 private:
  friend class SshIdentity;
  SshRecipient(Bytes wire, const crypto::X25519Public& key) : wire_(std::move(wire)), key_(key) {}
  Bytes wire_;
  crypto::X25519Public key_;
};

// True if the file is a secret key in PEM: OpenSSH's, or an older form that SshIdentity refuses by name.
bool LooksLikeSshSecret(std::string_view file);

class SshIdentity {
 public:
  // The whole file. kInvalid, or kUnsupported for a key of another kind or under a passphrase. Errors never quote it.
  static Result<SshIdentity> Parse(std::string_view file);
  const SshRecipient& recipient() const { return recipient_; }

  // The file key of a stanza of this kind; nothing if it is sealed to another key. kInvalid if the stanza breaks a rule.
  Result<std::optional<FileKey>> Open(const Stanza& stanza) const;

 private:
  SshIdentity(SshRecipient recipient, crypto::X25519Secret secret)
      : recipient_(std::move(recipient)), secret_(std::move(secret)) {}
  SshRecipient recipient_;
  crypto::X25519Secret secret_;
};

}  // namespace exhibit::seal

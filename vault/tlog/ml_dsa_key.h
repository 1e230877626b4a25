// ML-DSA-44 keys of signed notes (C2SP tlog-cosignature, type 0x06): a log's second key, and keys of witnesses.
//
//   vkey      <name> "+" <key id, 8 hex digits> "+" base64(0x06 || 1,312 bytes)
//   skey      "PRIVATE+KEY+" <name> "+" <key id> "+" base64(0x06 || seed, 32 bytes)
//   line      "— " name " " base64(key id[4] || time u64 || signature[2420]) "\n"
//   signed    "subtree/v1\n\0" || u8 length || name || time u64 || u8 length || origin || start u64 || end u64 || root
//
// A checkpoint is the subtree from 0 to its size. A log claims no time: its lines have zero. Lines after the root of a
// checkpoint (extensions) are not signed, so a checkpoint that has some is none here.
//
// Keys' texts are read by every build. Signing and checking need OpenSSL 3.5 and fail with kUnsupported where it is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/ml_dsa.h"
#include "vault/tlog/note_key.h"

namespace exhibit::tlog {

class MlDsaKey {
 public:
  static constexpr std::size_t kPublicBytes = crypto::MlDsaPublic::kSize;
  // A signature line's bytes after the id: 8 of time, and the signature.
  static constexpr std::size_t kLineBytes = 8 + crypto::MlDsaSignature::kSize;

  MlDsaKey(KeyName name, const crypto::MlDsaPublic& public_key);

  // kInvalid for a malformed text or an id that does not fit; kUnsupported for another type.
  static Result<MlDsaKey> Parse(std::string_view vkey);
  std::string ToText() const;

  const KeyName& name() const { return name_; }
  const KeyId& id() const { return id_; }
  ByteView public_key() const { return public_key_.view(); }
  bool operator==(const MlDsaKey&) const = default;

  // The time of a line's bytes over a checkpoint's text.
  //   kTampered  they do not fit, or are not of the form of a line
  Result<std::uint64_t> Check(std::string_view checkpoint_text, ByteView line) const;

 private:
  KeyName name_;
  crypto::MlDsaPublic public_key_;
  KeyId id_;
};

class MlDsaSigningKey {
 public:
  static Result<MlDsaSigningKey> Generate(KeyName name);
  static Result<MlDsaSigningKey> FromSeed(KeyName name, crypto::MlDsaSeed seed);

  // The text form, which is a secret. Errors never quote the text.
  static Result<MlDsaSigningKey> Parse(std::string_view skey);
  crypto::SecretText ToSecretText() const;

  const MlDsaKey& verifier() const { return verifier_; }
  // The line under a checkpoint's text. kInvalid if the text is no checkpoint, or has more than three lines.
  Result<std::string> Sign(std::string_view checkpoint_text, std::uint64_t time) const;

 private:
  MlDsaSigningKey(crypto::MlDsaSeed seed, MlDsaKey verifier) : seed_(std::move(seed)), verifier_(std::move(verifier)) {}
  crypto::MlDsaSeed seed_;
  MlDsaKey verifier_;
};

}  // namespace exhibit::tlog

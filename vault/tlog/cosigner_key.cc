#include "vault/tlog/cosigner_key.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tlog {
namespace {

bool IsUnsupported(const Error& error) { return error.code == ErrorCode::kUnsupported; }

}  // namespace

Result<CosignerKey> CosignerKey::Parse(std::string_view vkey) {
  auto classical = VerifierKey::Parse(vkey);
  if (classical && classical->type() == SignatureType::kCosignature) return CosignerKey(std::move(*classical));
  if (classical) return Fail(ErrorCode::kInvalid, "the key of a witness must be of type 0x04 or 0x06, not 0x01");
  if (!IsUnsupported(classical.error())) return Fail(std::move(classical).error());
  auto post_quantum = MlDsaKey::Parse(vkey);
  // The number of a type that is neither.
  if (!post_quantum) return Fail(IsUnsupported(post_quantum.error()) ? classical.error() : post_quantum.error());
  if (!crypto::HasMlDsa()) {
    return Fail(
        ErrorCode::kUnsupported,
        Format("the key of {} is of type 0x06, ML-DSA-44, and checking it needs OpenSSL 3.5 or newer, which is not "
               "on this machine",
               Printable(post_quantum->name().text())),
        "Debian 13 has it");
  }
  return CosignerKey(std::move(*post_quantum));
}

std::string CosignerKey::ToText() const {
  return std::visit([](const auto& key) { return key.ToText(); }, key_);
}
const KeyName& CosignerKey::name() const {
  return std::visit([](const auto& key) -> const KeyName& { return key.name(); }, key_);
}
const KeyId& CosignerKey::id() const {
  return std::visit([](const auto& key) -> const KeyId& { return key.id(); }, key_);
}
ByteView CosignerKey::public_key() const {
  if (const auto* const classical = std::get_if<VerifierKey>(&key_)) return classical->public_key().view();
  return std::get<MlDsaKey>(key_).public_key();
}

Result<CosigningKey> CosigningKey::Parse(std::string_view skey) {
  auto classical = SigningKey::Parse(skey);
  if (classical && classical->verifier().type() != SignatureType::kCosignature) {
    return Fail(ErrorCode::kInvalid, "not a key for cosignatures");
  }
  if (classical) return CosigningKey(std::move(*classical));
  if (!IsUnsupported(classical.error())) return Fail(std::move(classical).error());
  TRY(MlDsaSigningKey post_quantum, MlDsaSigningKey::Parse(skey));
  return CosigningKey(std::move(post_quantum));
}

crypto::SecretText CosigningKey::ToSecretText() const {
  return std::visit([](const auto& key) { return key.ToSecretText(); }, key_);
}
CosignerKey CosigningKey::verifier() const {
  return std::visit([](const auto& key) { return CosignerKey(key.verifier()); }, key_);
}

}  // namespace exhibit::tlog

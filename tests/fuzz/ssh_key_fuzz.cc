// SSH keys, public and secret, as text and inside their armor: no file harms who reads it, and what is taken as a key
// opens what is sealed to it.
#include "vault/base/encoding.h"
#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace {

using namespace exhibit;

void CheckSecret(std::string_view file) {
  const auto identity = seal::SshIdentity::Parse(file);
  if (!identity) return;
  const auto opened = identity->Open(identity->recipient().Seal(seal::FileKey()));
  EXHIBIT_ASSERT(opened && opened->has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto recipient = seal::SshRecipient::Parse(TextOf(input));
  if (recipient) EXHIBIT_ASSERT(TextOf(input).starts_with(recipient->ToText()));
  CheckSecret(TextOf(input));
  CheckSecret("-----BEGIN OPENSSH PRIVATE KEY-----\n" + ToBase64(input, Base64::kPadded) +
              "\n-----END OPENSSH PRIVATE KEY-----\n");
  IgnoreBecause("only that it returns is asked", seal::ParseRecipient(TextOf(input)));
  return 0;
}

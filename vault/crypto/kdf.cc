#include "vault/crypto/kdf.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>

#include "vault/base/format.h"
#include "vault/crypto/sha256_parts.h"

namespace exhibit::crypto {
namespace {

// HMAC-SHA-256 with a key of any length, into 32 bytes. Over hash.h, which uses the processor's SHA instructions:
// libsodium's takes 0.75 us for the salt of a line, of which a text has thousands, and this 0.22.
void Hmac(ByteView key, std::initializer_list<ByteView> parts, std::uint8_t* output) {
  constexpr std::size_t kBlock = 64;
  constexpr std::size_t kMostParts = 7;
  EXHIBIT_ASSERT(parts.size() <= kMostParts);
  std::array<std::uint8_t, kBlock> inner_pad{};
  if (key.size() > kBlock) {
    std::ranges::copy(Sha256(key).view(), inner_pad.begin());
  } else {
    std::ranges::copy(key, inner_pad.begin());
  }
  std::array<std::uint8_t, kBlock> outer_pad;
  for (std::size_t i = 0; i < kBlock; ++i) {
    outer_pad[i] = inner_pad[i] ^ 0x5c;
    inner_pad[i] ^= 0x36;
  }
  std::array<ByteView, kMostParts + 1> message{inner_pad};
  std::ranges::copy(parts, message.begin() + 1);
  Sha256Digest inner = Sha256Of(std::span(message).first(parts.size() + 1));
  const Sha256Digest mac = Sha256({outer_pad, inner.view()});
  std::ranges::copy(mac.view(), output);
  Wipe(inner_pad);
  Wipe(outer_pad);
  Wipe(inner.mutable_view());
}

}  // namespace

Mac HmacSha256(const DerivedKey& key, std::initializer_list<ByteView> parts) {
  Mac mac;
  Hmac(key.ExposeSecret(), parts, mac.mutable_view().data());
  return mac;
}

bool MacEqual(const Mac& a, const Mac& b) { return sodium_memcmp(a.view().data(), b.view().data(), Mac::kSize) == 0; }

DerivedKey HkdfSha256(ByteView input_key, ByteView salt, std::string_view info) {
  const std::array<std::uint8_t, 32> zero_salt{};
  DerivedKey pseudorandom_key;
  Hmac(salt.empty() ? ByteView(zero_salt) : salt, {input_key}, pseudorandom_key.ExposeSecretForWriting().data());
  const std::uint8_t first_block = 1;
  DerivedKey output;
  Hmac(pseudorandom_key.ExposeSecret(), {ViewOf(info), ByteView(&first_block, 1)},
       output.ExposeSecretForWriting().data());
  return output;
}

Result<DerivedKey> Scrypt(std::string_view passphrase, ByteView salt, int log2_n) {
  EXHIBIT_ASSERT(log2_n >= 1 && log2_n <= 30);
  Initialise();
  DerivedKey key;
  // libsodium takes no null pointer, which an empty view may hold.
  const ByteView input = passphrase.empty() ? ViewOf("") : ViewOf(passphrase);
  if (salt.empty()) salt = ViewOf("");
  const int status = crypto_pwhash_scryptsalsa208sha256_ll(input.data(), input.size(), salt.data(), salt.size(),
                                                           std::uint64_t{1} << log2_n, 8, 1,
                                                           key.ExposeSecretForWriting().data(), DerivedKey::kSize);
  if (status != 0) {
    return Fail(ErrorCode::kIo, Format("scrypt: no memory for a work factor of 2^{}", log2_n),
                Format("it needs {} MiB", (std::uint64_t{1} << log2_n) / 1024));
  }
  return key;
}

}  // namespace exhibit::crypto

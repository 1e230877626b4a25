#include "vault/seal/ssh_recipient.h"

#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/hash.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kType = "ssh-ed25519";
constexpr std::string_view kInfo = "age-encryption.org/v1/ssh-ed25519";
constexpr std::size_t kTagBytes = 4;

// Takes the next string of SSH's wire form from the front of `rest`; nothing if it is cut off.
std::optional<ByteView> TakeString(ByteView& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::uint32_t size =
      std::uint32_t{rest[0]} << 24 | std::uint32_t{rest[1]} << 16 | std::uint32_t{rest[2]} << 8 | rest[3];
  if (rest.size() - 4 < size) return std::nullopt;
  const ByteView taken = rest.subspan(4, size);
  rest = rest.subspan(4 + size);
  return taken;
}

Failure Refuse(std::string_view why) { return Fail(ErrorCode::kInvalid, "SSH key: " + std::string(why)); }

}  // namespace

Result<SshRecipient> SshRecipient::Parse(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::string_view type = text.substr(0, space);
  if (type != kType) {
    return Fail(ErrorCode::kUnsupported, Format("SSH key of kind \"{}\"", Printable(type.substr(0, 64))),
                "exhibit seals to ssh-ed25519 keys; the receiver makes one with: ssh-keygen -t ed25519");
  }
  if (space == std::string_view::npos) return Refuse("it has no key after its kind");
  const std::string_view rest = text.substr(space + 1);
  auto wire = FromBase64(rest.substr(0, rest.find(' ')), Base64::kPadded);
  if (!wire) return Refuse("it is not base64");
  ByteView parts = *wire;
  const auto name = TakeString(parts);
  const auto point = TakeString(parts);
  if (!name || TextOf(*name) != kType || !point || !parts.empty())
    return Refuse("it is cut off, or has more than it should");
  const auto key = crypto::Ed25519Public::From(*point);
  const auto on_other_curve = key ? crypto::X25519Of(*key) : std::nullopt;
  if (!on_other_curve) return Refuse("it is no point of the curve, or of low order");
  return SshRecipient(std::move(*wire), *on_other_curve);
}

std::string SshRecipient::ToText() const { return std::string(kType) + " " + ToBase64(wire_, Base64::kPadded); }

Stanza SshRecipient::Seal(const FileKey& file_key) const {
  const crypto::X25519Secret ephemeral = crypto::NewX25519Secret();
  const crypto::X25519Public share = crypto::PublicHalf(ephemeral);
  const auto shared = crypto::X25519Agree(ephemeral, key_);
  EXHIBIT_ASSERT(shared);  // a key that parses is not of low order
  const auto tweaked = crypto::X25519Tweak(crypto::HkdfSha256({}, wire_, kInfo), *shared);
  EXHIBIT_ASSERT(tweaked);
  Bytes salt = ToBytes(share.view());
  Append(salt, key_.view());
  const auto fingerprint = crypto::Sha256(wire_);
  return {{std::string(kType), ToBase64(fingerprint.view().first(kTagBytes), Base64::kUnpadded),
           ToBase64(share.view(), Base64::kUnpadded)},
          WrapFileKey(crypto::HkdfSha256(tweaked->ExposeSecret(), salt, kInfo), file_key)};
}

}  // namespace exhibit::seal

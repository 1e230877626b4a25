// Headers of age files: what is read is written again to the same bytes, and no header opens that
// was not sealed to the key.
#include "vault/base/error.h"
#include "vault/seal/recipient.h"

namespace {

constexpr std::string_view kIdentity = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
constexpr std::size_t kMacText = 43 + 1;  // base64 of 32 bytes, and the line feed

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  static const auto identity = seal::ParseIdentity(kIdentity);
  EXHIBIT_ASSERT(identity);
  const ByteView input(data, size);
  const auto recipient = seal::X25519Recipient::Parse(TextOf(input));
  EXHIBIT_ASSERT(!recipient || recipient->ToText() == TextOf(input));
  const auto parsed = seal::ParseHeader(input);
  if (!parsed) return 0;
  EXHIBIT_ASSERT(parsed->size_bytes <= size);
  // The MAC is another: the file key of the input is not known.
  const Bytes again = seal::EncodeHeader(parsed->header.stanzas, seal::FileKey());
  EXHIBIT_ASSERT(again.size() == parsed->size_bytes);
  EXHIBIT_ASSERT(Equal(ByteView(again).first(again.size() - kMacText), input.first(parsed->size_bytes - kMacText)));
  if (seal::CheckVaultHeader(parsed->header, seal::StanzaKind::kX25519)) {
    EXHIBIT_ASSERT(seal::CheckBundleHeader(parsed->header) && parsed->header.stanzas.size() == 1);
  }
  const auto opened = seal::OpenHeader(parsed->header, seal::Identities(&*identity, 1));
  if (opened) EXHIBIT_ASSERT(seal::CheckHeaderMac(parsed->header, *opened));
  return 0;
}

// Metadata: one spelling, and texts that nobody tamed.
#include "vault/base/error.h"
#include "vault/base/text.h"
#include "vault/seal/metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view input = TextOf(ByteView(data, size));
  const auto decoded = seal::DecodeMetadata(input);
  if (decoded) {
    const auto encoded = seal::EncodeMetadata(*decoded);
    EXHIBIT_ASSERT(encoded && *encoded == input);
  }
  // Any bytes are a name, and come back as they were.
  seal::Metadata metadata;
  metadata.name = input;
  metadata.path = std::string(input.substr(0, size / 2));
  if (IsUtf8(input)) metadata.description = std::string(input);
  const auto encoded = seal::EncodeMetadata(metadata);
  EXHIBIT_ASSERT(encoded.has_value() == (size > 0 && size <= seal::kMaxMetadataText));
  if (!encoded) return 0;
  const auto again = seal::DecodeMetadata(*encoded);
  EXHIBIT_ASSERT(again && *again == metadata);
  return 0;
}

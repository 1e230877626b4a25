// What an entry says of a sealed file: enough to recognise the file, and nothing of its content.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/tlog/merkle.h"

namespace exhibit::custody {

// SHA-256 of an age header, from its first byte to the line feed after the MAC.
struct HeaderDigestTag;
using HeaderDigest = Fixed<HeaderDigestTag, 32>;
HeaderDigest DigestOfHeader(ByteView age_header);

struct SealedFile {
  HeaderDigest header;
  std::uint64_t payload_bytes = 0;
  std::uint64_t tail_bytes = 0;
  tlog::RootHash payload_root;
  bool operator==(const SealedFile&) const = default;
};

}  // namespace exhibit::custody

// The wire form of SSH (RFC 4251, section 5): strings after their length, 4 bytes big-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vault/base/bytes.h"

namespace exhibit::seal {

// Each takes something from the front of `rest`; nothing if it is cut off.
std::optional<std::uint32_t> TakeSshNumber(ByteView& rest);
std::optional<ByteView> TakeSshString(ByteView& rest);

void AppendSshString(Bytes& target, ByteView string);

}  // namespace exhibit::seal

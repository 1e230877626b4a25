#include "vault/seal/ssh_wire.h"

namespace exhibit::seal {

std::optional<std::uint32_t> TakeSshNumber(ByteView& rest) {
  if (rest.size() < 4) return std::nullopt;
  const std::uint32_t number =
      std::uint32_t{rest[0]} << 24 | std::uint32_t{rest[1]} << 16 | std::uint32_t{rest[2]} << 8 | rest[3];
  rest = rest.subspan(4);
  return number;
}

std::optional<ByteView> TakeSshString(ByteView& rest) {
  ByteView after = rest;
  const auto size = TakeSshNumber(after);
  if (!size || after.size() < *size) return std::nullopt;
  const ByteView taken = after.first(*size);
  rest = after.subspan(*size);
  return taken;
}

void AppendSshString(Bytes& target, ByteView string) {
  for (int shift = 24; shift >= 0; shift -= 8) target.push_back(static_cast<std::uint8_t>(string.size() >> shift));
  Append(target, string);
}

}  // namespace exhibit::seal

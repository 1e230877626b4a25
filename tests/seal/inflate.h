// zlib streams (RFC 1950), as some age vectors are packed in them. Nothing where a stream is damaged or followed by
// something.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdint>
#include <optional>

#include "vault/base/bytes.h"

namespace exhibit::testing {

inline std::optional<Bytes> InflateZlib(ByteView stream) {
  z_stream state{};
  if (inflateInit(&state) != Z_OK) return std::nullopt;
  Bytes packed(stream.begin(), stream.end());  // zlib's input is not const
  state.next_in = packed.data();
  state.avail_in = static_cast<uInt>(packed.size());
  Bytes output;
  std::array<std::uint8_t, 4096> piece;
  int status = Z_OK;
  while (status == Z_OK) {
    state.next_out = piece.data();
    state.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&state, Z_NO_FLUSH);
    output.insert(output.end(), piece.data(), state.next_out);
  }
  const bool whole = status == Z_STREAM_END && state.avail_in == 0;
  inflateEnd(&state);
  return whole ? std::optional(std::move(output)) : std::nullopt;
}

}  // namespace exhibit::testing

// zlib streams (RFC 1950, RFC 1951), as some age vectors are packed in them.
//
// A plain decoder, so that the tests need no library for a few files. It is checked by the stream's
// own Adler-32. Nothing on damage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "vault/base/bytes.h"

namespace exhibit::testing {
namespace inflating {

class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}
  // The next `count` bits, the first as the lowest. Past the end: zeros, and ok() is false.
  std::uint32_t Bits(unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i) value |= Bit() << i;
    return value;
  }
  void SkipToByte() { at_ = (at_ + 7) / 8 * 8; }
  std::size_t byte_position() const { return at_ / 8; }
  bool ok() const { return ok_; }

 private:
  std::uint32_t Bit() {
    if (at_ / 8 >= bytes_.size()) {
      ok_ = false;
      return 0;
    }
    const std::uint32_t bit = std::uint32_t{bytes_[at_ / 8]} >> at_ % 8 & 1U;
    ++at_;
    return bit;
  }
  ByteView bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

// A canonical Huffman code of at most 15 bits.
class Code {
 public:
  explicit Code(ByteView lengths) {
    for (const std::uint8_t length : lengths) ++counts_[length];
    counts_[0] = 0;
    for (std::uint8_t length = 1; length < 16; ++length) {
      for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
        if (lengths[symbol] == length) symbols_.push_back(static_cast<std::uint16_t>(symbol));
      }
    }
  }
  std::optional<std::uint32_t> Next(BitReader& reader) const {
    std::uint32_t code = 0;
    std::uint32_t first = 0;
    std::uint32_t index = 0;
    for (std::size_t length = 1; length < 16; ++length) {
      code |= reader.Bits(1);
      if (code < first + counts_[length]) return symbols_[index + code - first];
      index += counts_[length];
      first = (first + counts_[length]) << 1;
      code <<= 1;
    }
    return std::nullopt;
  }

 private:
  std::array<std::uint32_t, 16> counts_{};
  std::vector<std::uint16_t> symbols_;
};

inline bool InflateSymbols(BitReader& reader, const Code& literals, const Code& distances, Bytes& output) {
  for (;;) {
    const auto symbol = literals.Next(reader);
    if (!symbol || !reader.ok() || *symbol > 285) return false;
    if (*symbol == 256) return true;
    if (*symbol < 256) {
      output.push_back(static_cast<std::uint8_t>(*symbol));
      continue;
    }
    // RFC 1951 section 3.2.5: groups of four lengths, of two distances, share their extra bits.
    const std::uint32_t l = *symbol - 257;
    const std::uint32_t l_extra = l < 8 || l == 28 ? 0 : l / 4 - 1;
    std::uint32_t length = l == 28 ? 258 : l < 8 ? 3 + l : 3 + ((4 + l % 4) << l_extra);
    length += reader.Bits(l_extra);
    const auto d = distances.Next(reader);
    if (!d || *d > 29) return false;
    const std::uint32_t d_extra = *d < 4 ? 0 : *d / 2 - 1;
    std::uint32_t distance = *d < 4 ? 1 + *d : 1 + ((2 + *d % 2) << d_extra);
    distance += reader.Bits(d_extra);
    if (distance > output.size()) return false;
    for (std::uint32_t i = 0; i < length; ++i) output.push_back(output[output.size() - distance]);
  }
}

// The two codes of a block with codes of its own (section 3.2.7).
inline std::optional<std::pair<Code, Code>> ReadCodes(BitReader& reader) {
  constexpr std::array<std::uint8_t, 19> kOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const std::size_t literal_count = reader.Bits(5) + 257;
  const std::size_t distance_count = reader.Bits(5) + 1;
  const std::size_t length_count = reader.Bits(4) + 4;
  Bytes length_lengths(19);
  for (std::size_t i = 0; i < length_count; ++i) {
    length_lengths[kOrder[i]] = static_cast<std::uint8_t>(reader.Bits(3));
  }
  const Code length_code(length_lengths);
  Bytes lengths;
  while (lengths.size() < literal_count + distance_count) {
    const auto symbol = length_code.Next(reader);
    if (!symbol || !reader.ok() || (*symbol == 16 && lengths.empty())) return std::nullopt;
    if (*symbol < 16) {
      lengths.push_back(static_cast<std::uint8_t>(*symbol));
    } else if (*symbol == 16) {
      const std::uint8_t last = lengths.back();
      lengths.insert(lengths.end(), 3 + reader.Bits(2), last);
    } else {
      lengths.insert(lengths.end(), *symbol == 17 ? 3 + reader.Bits(3) : 11 + reader.Bits(7), 0);
    }
  }
  if (lengths.size() != literal_count + distance_count) return std::nullopt;
  return std::pair(Code(ByteView(lengths).first(literal_count)), Code(ByteView(lengths).subspan(literal_count)));
}

inline std::pair<Code, Code> FixedCodes() {
  Bytes lengths(144, 8);
  lengths.insert(lengths.end(), 112, 9);
  lengths.insert(lengths.end(), 24, 7);
  lengths.insert(lengths.end(), 8, 8);
  return {Code(lengths), Code(Bytes(30, 5))};
}

inline std::uint32_t Adler32(ByteView bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

}  // namespace inflating

inline std::optional<Bytes> InflateZlib(ByteView stream) {
  if (stream.size() < 6 || (stream[0] & 15) != 8 || (stream[0] << 8 | stream[1]) % 31 != 0) {
    return std::nullopt;
  }
  stream = stream.subspan(2);
  inflating::BitReader reader(stream);
  Bytes output;
  for (bool last = false; !last;) {
    last = reader.Bits(1) == 1;
    const std::uint32_t type = reader.Bits(2);
    if (type == 0) {
      reader.SkipToByte();
      const std::uint32_t size = reader.Bits(16);
      if ((reader.Bits(16) ^ size) != 0xffff) return std::nullopt;
      for (std::uint32_t i = 0; i < size; ++i) {
        output.push_back(static_cast<std::uint8_t>(reader.Bits(8)));
      }
    } else {
      auto codes = type == 1   ? std::optional(inflating::FixedCodes())
                   : type == 2 ? inflating::ReadCodes(reader)
                               : std::nullopt;
      if (!codes || !inflating::InflateSymbols(reader, codes->first, codes->second, output)) {
        return std::nullopt;
      }
    }
    if (!reader.ok()) return std::nullopt;
  }
  reader.SkipToByte();
  std::uint32_t expected = 0;
  for (int i = 0; i < 4; ++i) expected = expected << 8 | reader.Bits(8);
  if (!reader.ok() || reader.byte_position() != stream.size()) return std::nullopt;
  return expected == inflating::Adler32(output) ? std::optional(std::move(output)) : std::nullopt;
}

}  // namespace exhibit::testing

// Bytes and views of bytes, and the conversions between bytes and text that everything else uses.
//
// Functions take `ByteView` (or `std::string_view` for text) and return values. Fixed-size values
// that must not be mixed up with each other are `Fixed<Tag, N>`: a leaf hash is not a content
// digest, though both are 32 bytes.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exhibit {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

inline ByteView ViewOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view TextOf(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes ToBytes(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
inline std::string ToText(ByteView bytes) { return std::string(TextOf(bytes)); }

inline void Append(Bytes& target, ByteView more) { target.insert(target.end(), more.begin(), more.end()); }
inline void Append(std::string& target, ByteView more) { target.append(TextOf(more)); }

// A stretch of a file or of a payload.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

inline bool Equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

// A value of exactly N bytes. `Tag` names what it is; values of different tags do not convert.
template <typename Tag, std::size_t N>
class Fixed {
 public:
  static constexpr std::size_t kSize = N;

  constexpr Fixed() = default;
  explicit constexpr Fixed(const std::array<std::uint8_t, N>& bytes) : bytes_(bytes) {}

  // Nothing if `bytes` is not exactly N bytes.
  static std::optional<Fixed> From(ByteView bytes) {
    if (bytes.size() != N) return std::nullopt;
    Fixed value;
    std::copy(bytes.begin(), bytes.end(), value.bytes_.begin());
    return value;
  }

  ByteView view() const { return bytes_; }
  MutableByteView mutable_view() { return bytes_; }
  auto operator<=>(const Fixed&) const = default;

 private:
  std::array<std::uint8_t, N> bytes_{};
};

// Big-endian integers, the order of every binary integer in our formats (and of RocksDB keys, where
// it makes the order of bytes the order of numbers).
inline void PutU64(MutableByteView target, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) {
    target[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  }
}
inline std::uint64_t GetU64(ByteView source) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | source[i];
  return value;
}

}  // namespace exhibit

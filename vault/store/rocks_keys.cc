#include "vault/store/rocks_keys.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kNumber = 8;
constexpr std::size_t kThree = 3 * kNumber;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 62;  // of one sealed file, and of one pack

std::uint64_t NumberAt(std::string_view bytes, std::size_t place) {
  return GetU64(ViewOf(bytes.substr(place * kNumber, kNumber)));
}

Failure NotAPlace() { return Fail(ErrorCode::kTampered, "the place of a sealed file has an unknown form"); }

}  // namespace

void StoredKey::Put(std::uint64_t number) {
  PutU64({reinterpret_cast<std::uint8_t*>(bytes_) + size_, kNumber}, number);
  size_ += kNumber;
}

StoredKey StoredKey::OfNode(std::uint32_t level, std::uint64_t index) {
  StoredKey key(KeyKind::kNode);
  key.bytes_[key.size_++] = static_cast<char>(level);
  key.Put(index);
  return key;
}

Result<KeyNumbers> NumbersOf(KeyKind kind, std::string_view key) {
  if ((key.size() != 1 + kNumber && key.size() != 1 + 2 * kNumber) || key.front() != static_cast<char>(kind)) {
    return Fail(ErrorCode::kTampered, "the store has a key of an unknown form");
  }
  key.remove_prefix(1);
  KeyNumbers numbers{NumberAt(key, 0), {}};
  if (key.size() == 2 * kNumber) numbers.second = NumberAt(key, 1);
  return numbers;
}

std::string EncodePlace(PlaceState state, const SealedPlace& place) {
  std::string value(1, static_cast<char>(state));
  value += EncodeU64(place.header_bytes) + EncodeU64(place.payload_bytes) + EncodeU64(place.hashes_bytes);
  for (const Extent& extent : place.extents) {
    value += EncodeU64(extent.pack) + EncodeU64(extent.offset) + EncodeU64(extent.bytes);
  }
  if (state != PlaceState::kDestroyed) value += place.layout;
  return value;
}

Result<StoredPlace> DecodePlace(std::string_view value) {
  if (value.empty()) return NotAPlace();
  const auto state = static_cast<PlaceState>(value.front());
  if (state != PlaceState::kSealed && state != PlaceState::kDestroyed && state != PlaceState::kHeaderDestroyed)
    return NotAPlace();
  value.remove_prefix(1);
  if (value.size() < kThree) return NotAPlace();
  SealedPlace place{NumberAt(value, 0), NumberAt(value, 1), NumberAt(value, 2), {}, {}};
  if (place.header_bytes > kMostBytes || place.payload_bytes > kMostBytes || place.hashes_bytes > kMostBytes)
    return NotAPlace();
  std::uint64_t left = place.header_bytes + place.payload_bytes + place.hashes_bytes;
  for (value.remove_prefix(kThree); left > 0; value.remove_prefix(kThree)) {
    if (value.size() < kThree) return NotAPlace();
    const Extent extent{NumberAt(value, 0), NumberAt(value, 1), NumberAt(value, 2)};
    if (extent.pack == 0 || extent.offset > kMostBytes || extent.bytes == 0 || extent.bytes > left) return NotAPlace();
    left -= extent.bytes;
    place.extents.push_back(extent);
  }
  // The line itself is checked by the digest that the entry has of it.
  const bool has_layout = state != PlaceState::kDestroyed && place.payload_bytes > 0;
  if (value.empty() == has_layout) return NotAPlace();
  place.layout = value;
  if (state == PlaceState::kHeaderDestroyed) place.header = SealedPlace::Header::kDestroyed;
  return StoredPlace{state, std::move(place)};
}

std::string EncodeU64(std::uint64_t number) {
  std::string value(kNumber, '\0');
  PutU64({reinterpret_cast<std::uint8_t*>(value.data()), kNumber}, number);
  return value;
}

Result<std::uint64_t> DecodeU64(std::string_view value) {
  if (value.size() == kNumber) return GetU64(ViewOf(value));
  return Fail(ErrorCode::kTampered, "a number in the store has an unknown form");
}

}  // namespace exhibit::store

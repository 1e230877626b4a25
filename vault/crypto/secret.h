// Memory for secrets: locked against swapping, left out of core dumps, zeroed when given back.
//
// A `Secret<Tag, N>` moves and never copies, has no comparison and no printing, and its bytes leave
// through one named door, `ExposeSecret()`: an audit of where secrets go is a search for that word.
// Slots come from a few locked pages that all secrets share (secret.cc), because a page each would
// exceed what an ordinary user may lock as soon as a thousand small files are sealed at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "vault/base/bytes.h"

namespace exhibit::crypto {

// Initialises libsodium. The functions in this folder call it themselves; calling it again is free.
void Initialise();

// Zeroes memory in a way that the compiler may not optimise away.
void Wipe(MutableByteView bytes);

namespace internal {
inline constexpr std::size_t kSlotSize = 64;
// A zeroed slot of kSlotSize bytes of locked memory. Aborts when the system has no memory at all.
std::uint8_t* AcquireSlot();
// Zeroes the slot and gives it back. `slot` may be null.
void ReleaseSlot(std::uint8_t* slot);
}  // namespace internal

template <typename Tag, std::size_t N>
class Secret {
  static_assert(N <= internal::kSlotSize);

 public:
  static constexpr std::size_t kSize = N;

  // All zero bytes, to be filled through ExposeSecretForWriting.
  Secret() : slot_(internal::AcquireSlot()) {}
  ~Secret() { internal::ReleaseSlot(slot_); }
  Secret(Secret&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(slot_, other.slot_);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  bool operator==(const Secret&) const = delete;

  // A second copy in locked memory, asked for by name.
  Secret Duplicate() const {
    Secret copy;
    std::copy_n(slot_, N, copy.slot_);
    return copy;
  }

  std::span<const std::uint8_t, N> ExposeSecret() const { return std::span<const std::uint8_t, N>(slot_, N); }
  std::span<std::uint8_t, N> ExposeSecretForWriting() { return std::span<std::uint8_t, N>(slot_, N); }

 private:
  std::uint8_t* slot_;
};

// A secret of any length (a passphrase, the text of an identity file): same rules, pages of its own.
class SecretText {
 public:
  SecretText() = default;
  // Copies `text` into locked memory. The caller wipes its own copy.
  explicit SecretText(std::string_view text);
  ~SecretText();
  SecretText(SecretText&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretText& operator=(SecretText&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  bool operator==(const SecretText&) const = delete;

  // A second copy in locked memory, asked for by name.
  SecretText Duplicate() const { return SecretText(std::string_view(data_, size_)); }

  bool empty() const { return size_ == 0; }
  std::string_view ExposeSecret() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace exhibit::crypto

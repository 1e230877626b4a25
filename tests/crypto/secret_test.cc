// Goal: secrets do not stay behind and do not multiply. Method: a slot is looked at after it was
// given back (it belongs to a locked region that lives as long as the process, so it may be read),
// and the type is asked what it permits.
#include "vault/crypto/secret.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <sstream>
#include <thread>
#include <type_traits>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/crypto/random.h"

namespace exhibit::crypto {
namespace {

struct ExampleTag;
using Example = Secret<ExampleTag, 32>;

template <typename T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};
template <typename T>
concept Printed = requires(std::ostream& stream, const T& value) {
  stream << value;
};

static_assert(!std::is_copy_constructible_v<Example> && !std::is_copy_assignable_v<Example>);
static_assert(!std::is_copy_constructible_v<SecretText> && !std::is_copy_assignable_v<SecretText>);
static_assert(std::is_nothrow_move_constructible_v<Example>);
static_assert(std::is_nothrow_move_constructible_v<SecretText>);
static_assert(!Comparable<Example> && !Comparable<SecretText>);
static_assert(!Printed<Example> && !Printed<SecretText>);
static_assert(!std::is_convertible_v<SecretText, std::string_view>);

bool AllZero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

Example Filled(std::uint8_t value) {
  Example secret;
  std::ranges::fill(secret.ExposeSecretForWriting(), value);
  return secret;
}

TEST_CASE("a new secret is all zero bytes", "[crypto]") { CHECK(AllZero(Example().ExposeSecret())); }

TEST_CASE("a secret's memory is zeroed when it is released", "[crypto]") {
  const std::uint8_t* place = nullptr;
  {
    const Example secret = Filled(0xa5);
    place = secret.ExposeSecret().data();
    REQUIRE_FALSE(AllZero(ByteView(place, Example::kSize)));
  }
  CHECK(AllZero(ByteView(place, internal::kSlotSize)));
}

TEST_CASE("a slot is zeroed when it is given back, in its whole length", "[crypto]") {
  std::uint8_t* const slot = internal::AcquireSlot();
  std::fill_n(slot, internal::kSlotSize, std::uint8_t{0xff});
  internal::ReleaseSlot(slot);
  CHECK(AllZero(ByteView(slot, internal::kSlotSize)));
  internal::ReleaseSlot(nullptr);  // nothing to give back
}

TEST_CASE("moving a secret hands on its memory and leaves no copy", "[crypto]") {
  Example first = Filled(7);
  const std::uint8_t* const place = first.ExposeSecret().data();
  const Example second = std::move(first);
  CHECK(second.ExposeSecret().data() == place);
  CHECK(second.ExposeSecret()[31] == 7);
}

TEST_CASE("assigning over a secret zeroes the old one once it is gone", "[crypto]") {
  const std::uint8_t* old_place = nullptr;
  Example kept = Filled(1);
  {
    Example replacement = Filled(2);
    old_place = kept.ExposeSecret().data();
    kept = std::move(replacement);
  }
  CHECK(kept.ExposeSecret()[0] == 2);
  CHECK(AllZero(ByteView(old_place, Example::kSize)));
}

TEST_CASE("a duplicate is a secret of its own", "[crypto]") {
  Example first = Filled(9);
  const Example second = first.Duplicate();
  CHECK(Equal(first.ExposeSecret(), second.ExposeSecret()));
  CHECK(first.ExposeSecret().data() != second.ExposeSecret().data());
  first.ExposeSecretForWriting()[0] = 0;
  CHECK(second.ExposeSecret()[0] == 9);
}

TEST_CASE("many secrets at once have memory of their own each", "[crypto]") {
  std::vector<Example> secrets;
  std::set<const std::uint8_t*> places;
  for (std::size_t i = 0; i < 1000; ++i) {
    secrets.push_back(Filled(static_cast<std::uint8_t>(i)));
    places.insert(secrets.back().ExposeSecret().data());
  }
  CHECK(places.size() == secrets.size());
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const auto expected = static_cast<std::uint8_t>(i);
    REQUIRE(std::ranges::all_of(secrets[i].ExposeSecret(), [&](std::uint8_t byte) { return byte == expected; }));
  }
}

TEST_CASE("secrets are made and released by several threads at once", "[crypto]") {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&wrong, thread] {
      for (int round = 0; round < 2000; ++round) {
        const auto value = static_cast<std::uint8_t>(1 + thread);
        if (!AllZero(Example().ExposeSecret())) ++wrong;
        const Example secret = Filled(value);
        if (secret.ExposeSecret()[0] != value || secret.ExposeSecret()[31] != value) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a secret text holds what it was given, of any length", "[crypto]") {
  CHECK(SecretText().empty());
  CHECK(SecretText("").empty());
  const std::string long_text(100'000, 'x');
  SecretText first{std::string_view(long_text)};
  CHECK(first.ExposeSecret() == long_text);
  SecretText second = std::move(first);
  CHECK(second.ExposeSecret() == long_text);
  SecretText third("short");
  third = std::move(second);
  CHECK(third.ExposeSecret() == long_text);
}

TEST_CASE("wiping zeroes", "[crypto]") {
  Bytes bytes(77, 0xee);
  Wipe(bytes);
  CHECK(AllZero(bytes));
  Wipe({});
}

TEST_CASE("random secrets differ", "[crypto]") {
  std::set<Bytes> seen;
  for (int i = 0; i < 100; ++i) {
    seen.insert(ToBytes(RandomSecret<ExampleTag, 32>().ExposeSecret()));
  }
  CHECK(seen.size() == 100);
}

}  // namespace
}  // namespace exhibit::crypto

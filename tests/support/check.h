// Checks on results: a failure is asserted by its code and by words of its message, never by "it
// failed" alone.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/catch.h"
#include "vault/base/bytes.h"
#include "vault/base/encoding.h"
#include "vault/base/error.h"

namespace exhibit::testing {

inline std::string Describe(const Error& error) { return error.message; }

template <typename T>
T Unwrap(Result<T>&& result) {
  if (!result) FAIL("unexpected error: " << result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline Bytes Hex(std::string_view text) { return Unwrap(FromHex(text)); }

}  // namespace exhibit::testing

// The expression gives a value.
#define REQUIRE_OK(...)                                                            \
  do {                                                                             \
    const auto& check_result = (__VA_ARGS__);                                      \
    if (!check_result) FAIL("unexpected error: " << check_result.error().message); \
    SUCCEED();                                                                     \
  } while (false)

// The expression fails with this code, and its message contains these words. There are some: no words are in every message.
#define CHECK_FAILS(expression, expected_code, words)                                        \
  do {                                                                                       \
    const auto& check_result = (expression);                                                 \
    if (check_result) {                                                                      \
      FAIL_CHECK("no error from " #expression);                                              \
    } else {                                                                                 \
      CHECK(static_cast<int>(check_result.error().code) == static_cast<int>(expected_code)); \
      INFO(check_result.error().message);                                                    \
      CHECK(check_result.error().message.find(words) != std::string::npos);                  \
    }                                                                                        \
  } while (false)

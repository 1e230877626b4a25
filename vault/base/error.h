// Errors are values: what happened, to which thing, and what to do next.
//
// Every function that can fail returns `Result<T>`. No exception crosses a module's face, and a
// `Result` may not be ignored (it is [[nodiscard]]). `TRY` hands an error upwards; a layer that
// knows more adds its own noun once, with `In`.
//
//   TRY(const Bytes header, ReadHeader(file));            // declares, or returns the error
//   TRY_VOID(Sync(file));                                 // for Result<void>
//   return Fail(ErrorCode::kInvalid, "entry 7: unknown field \"colour\"");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <version>

#if defined(__cpp_lib_expected)
#include <expected>
#else
#include <tl/expected.hpp>
#endif

namespace exhibit {

enum class ErrorCode : std::uint8_t {
  kInvalid,      // the bytes or arguments given break a rule of their format
  kNotFound,     // there is no such thing
  kExists,       // it is there already, and nothing is overwritten
  kIo,           // the operating system or the disk refused
  kBusy,         // another process holds it
  kDenied,       // the key or passphrase does not open or permit it
  kPermission,   // the operating system does not permit it
  kWrongKey,     // the key at hand opens none of what was asked for
  kTampered,     // what is stored is not what was signed
  kUnsupported,  // a version or algorithm that this program does not have
  kInterrupted,  // the user asked to stop
};

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;  // lower case, no full stop: "item 42: block 3: authentication failed"
  std::string hint;     // what to try next; may be empty

  // The same error, its message preceded by the noun of the layer above: `In("bundle /x")`.
  Error In(std::string_view noun) && {
    message.insert(0, std::string(noun) + ": ");
    return std::move(*this);
  }
  Error Hint(std::string_view text) && {
    hint = text;
    return std::move(*this);
  }
};

#if defined(__cpp_lib_expected)
template <typename T>
using Result = std::expected<T, Error>;
using Failure = std::unexpected<Error>;
#else
template <typename T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;
#endif

inline Failure Fail(ErrorCode code, std::string message, std::string hint = {}) {
  return Failure(Error{code, std::move(message), std::move(hint)});
}
inline Failure Fail(Error error) { return Failure(std::move(error)); }

// The one word for dropping a result on purpose; the reason is for the reader.
template <typename T>
void IgnoreBecause(std::string_view /*reason*/, Result<T>&& /*result*/) {}

// Stops the program on a bug of ours (never on bad input). Stays on in release builds: a program that
// goes on after a broken invariant may sign something false.
[[noreturn]] void InternalError(std::string_view what, std::string_view file, int line);

}  // namespace exhibit

#define EXHIBIT_JOIN_(a, b) a##b
#define EXHIBIT_JOIN(a, b) EXHIBIT_JOIN_(a, b)
#define EXHIBIT_TRY_(temporary, declaration, expression)                \
  auto temporary = (expression);                                        \
  if (!temporary) return ::exhibit::Fail(std::move(temporary).error()); \
  declaration = std::move(*temporary)
#define TRY(declaration, ...) EXHIBIT_TRY_(EXHIBIT_JOIN(try_result_, __LINE__), declaration, (__VA_ARGS__))
#define TRY_VOID(...)                                                       \
  do {                                                                      \
    auto try_result = (__VA_ARGS__);                                        \
    if (!try_result) return ::exhibit::Fail(std::move(try_result).error()); \
  } while (false)
#define EXHIBIT_ASSERT(condition) ((condition) ? void() : ::exhibit::InternalError(#condition, __FILE__, __LINE__))

// Bounds on the shape of hostile JSON, checked before a parser builds anything from it.
//
// The parser that we use copies the members of an object while it grows, one call deeper for each
// level (12,000 levels ended the stack), and looks for repeated keys by walking through all of them
// (110,000 members took 18 seconds). A length alone does not keep these out: 64 KiB holds 32,000
// levels.
#pragma once

#include <cstddef>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit {

struct JsonLimits {
  std::size_t levels = 0;   // of objects and lists inside each other
  std::size_t members = 0;  // of one object
};

// kInvalid, naming the limit, if `json` exceeds one. Success does not mean that it is JSON; if it is not, this
// reads as far as a parser would before it stops. Memory: one number for each level.
Result<void> CheckJsonShape(std::string_view json, const JsonLimits& limits);

}  // namespace exhibit

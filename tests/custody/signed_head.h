// A checkpoint of the log of example_entries.h, at any size and with a root that says which.
#pragma once

#include <cstdint>

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"
#include "vault/custody/noted_checkpoint.h"

namespace exhibit::testing {

inline custody::NotedCheckpoint Head(std::uint64_t size, const tlog::SigningKey& key = ExampleLogKey(),
                                     std::string_view origin = "vault.example/case-1") {
  tlog::RootHash root;
  root.mutable_view()[0] = static_cast<std::uint8_t>(size);
  return Unwrap(custody::NotedCheckpoint::Parse(Unwrap(
      tlog::SignCheckpoint({Unwrap(tlog::Origin::Parse(origin)), {size}, size == 0 ? tlog::EmptyRoot() : root}, key))));
}

}  // namespace exhibit::testing

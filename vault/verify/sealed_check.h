// The check of one sealed file against its entry, and of its content against its fields.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/custody/field.h"
#include "vault/verify/log_check.h"

namespace exhibit::verify {

struct SealedOutcome {
  std::vector<Finding> findings;
  std::optional<std::string> unopened;  // the reason, if none of the given keys opens it; no finding by itself
  std::uint64_t payload_bytes = 0;
  bool content_checked = false;
  std::optional<custody::FieldList> fields;  // if it was opened, and they are those that the entry names
  std::uint64_t content_bytes = 0;
};

// Checks to the depth of `options`: at kContent the fields and the original of everything that its keys open, items and
// acts. `pool` is for large items; null if the caller itself runs on the pool. Memory: a few blocks, whatever the item's
// size.
SealedOutcome CheckSealed(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool);

// The same, for who copies what is checked: gives `take` each block of the payload, in order, as it is stored, up to the
// first that is missing. An error of `take` ends the check and is returned.
using TakePayload = std::function<Result<void>(ByteView)>;
Result<SealedOutcome> CheckAndTakeSealed(const Source& source, const Options& options, const SealedEntry& entry,
                                         Pool* pool, const TakePayload& take);

// Headers and layout alone, where the payload is known to be the one of the layout.
SealedOutcome CheckHeadersAndLayout(const Source& source, const SealedEntry& entry);

// Sealed files whose payload has this size and more are checked one after another, on all threads; smaller ones side by side.
inline constexpr std::uint64_t kWorthAllThreads = 16 << 20;

using TakeOutcome = std::function<void(const SealedEntry&, SealedOutcome)>;
// Checks all of these and calls `take` for each, in order. After kInterrupted, not all were taken. `more`: how many others
// the caller will have checked after them, for an estimate of their bytes.
Result<void> CheckSealedFiles(const Source& source, const Options& options, std::span<const SealedEntry> sealed,
                              Pool& pool, const TakeOutcome& take, std::size_t more = 0);

// How many are checked together; this bounds the memory for them, above all for their fields.
inline constexpr std::size_t kSealedBatch = 1024;

}  // namespace exhibit::verify

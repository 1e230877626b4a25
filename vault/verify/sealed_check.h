// The check of one sealed file against its entry, and of its content against its metadata.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/seal/metadata.h"
#include "vault/verify/log_check.h"

namespace exhibit::verify {

struct SealedOutcome {
  std::vector<Finding> findings;
  std::optional<std::string> unopened;  // the reason, if none of the given keys opens it; no finding by itself
  std::uint64_t payload_bytes = 0;
  bool content_checked = false;
  std::optional<seal::Metadata> metadata;  // if the content was checked
  std::uint64_t content_bytes = 0;
};

// Checks to the depth of `options`. `pool` is for large items; null if the caller itself runs on
// the pool. Memory: a few blocks, whatever the item's size.
SealedOutcome CheckSealed(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool);

// Sealed files of this size and more are checked one after another, on all threads; smaller ones side by side.
inline constexpr std::uint64_t kWorthAllThreads = 16 << 20;

// Checks all of these and calls `take` for each, in order. After kInterrupted, not all were taken.
Result<void> CheckSealedFiles(const Source& source, const Options& options, std::span<const SealedEntry> sealed,
                              Pool& pool, const std::function<void(const SealedEntry&, SealedOutcome)>& take);

}  // namespace exhibit::verify

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
  std::optional<std::string> unopened;  // why, if the file is for other keys than those at hand; no finding by itself
  std::uint64_t payload_bytes = 0;
  bool content_checked = false;
  std::optional<seal::Metadata> metadata;  // if the content was checked
  std::uint64_t content_bytes = 0;
};

// Checks as deep as `options` says. `pool` is for large items; null where the caller itself runs on
// the pool. Memory: a few blocks, whatever the item's size.
SealedOutcome CheckSealed(const Source& source, const Options& options, const SealedEntry& entry, Pool* pool);

// From here on a sealed file is worth all threads: larger ones are checked one after another, smaller ones side by side.
inline constexpr std::uint64_t kWorthAllThreads = 16 << 20;

// All of these, of any number; `take` is told of each, in their order. kInterrupted, and then not of all.
Result<void> CheckSealedFiles(const Source& source, const Options& options, std::span<const SealedEntry> sealed,
                              Pool& pool, const std::function<void(const SealedEntry&, SealedOutcome)>& take);

}  // namespace exhibit::verify

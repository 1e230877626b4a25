// Shared by the commands of timestamps.
#pragma once

#include <cstdint>

#include "cli/command.h"

namespace exhibit::cli {

// What a token must cover to renew the one in entry `number`: SHA-256 of that token. kNotFound if the entry
// is not a timestamp.
Result<custody::Stamp> FindStamp(const VaultReader& vault, std::uint64_t number);

void RegisterTimestampAdd(const Command& timestamp, Commands commands);

}  // namespace exhibit::cli

// What the commands of timestamps share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/crypto/timestamp.h"

namespace exhibit::cli {

// The certificates in these PEM files.
Result<crypto::TimestampRoots> ReadRoots(const std::vector<std::string>& files);

// What a token must be over to renew the one in entry `number`: SHA-256 of that token. kNotFound if the entry
// is no timestamp.
Result<custody::Stamp> FindStamp(const VaultReader& vault, std::uint64_t number);

void RegisterTimestampAdd(CLI::App& timestamp, Commands commands);

}  // namespace exhibit::cli

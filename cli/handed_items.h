// What both sides of a hand-over do with its items before they sign.
#pragma once

#include <vector>

#include "cli/command.h"
#include "cli/statement_file.h"
#include "vault/custody/statements/transfer.h"

namespace exhibit::cli {

using TransferFile = StatementFile<custody::TransferStatement>;

// The items that the statement's fields name. kInvalid if they name none.
Result<std::vector<tlog::Sequence>> ItemsOf(const TransferFile& statement);

// Reads and hashes the items again, and compares each with its entry. kTampered.
Result<void> RehashItems(const VaultReader& vault, const std::vector<tlog::Sequence>& items);

// The root over the leaf hashes of the items' entries.
Result<tlog::RootHash> LeavesOf(const VaultReader& vault, const std::vector<tlog::Sequence>& items);

// kTampered if the statement's fields name another root: it is of other items with the same numbers.
Result<void> CompareLeaves(const TransferFile& statement, const tlog::RootHash& leaves);

}  // namespace exhibit::cli

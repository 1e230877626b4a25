// Keys that a verifier names: as text, or in a file.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/note_key.h"

namespace exhibit::cli {

// `name` is a vkey, or a file with one on its only line.
Result<tlog::VerifierKey> ReadKey(const std::string& name);
Result<std::vector<tlog::VerifierKey>> ReadLogKeys(const std::vector<std::string>& names);

}  // namespace exhibit::cli

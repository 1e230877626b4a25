// Verifier keys that a user names: as text, or in a file that holds it.
#pragma once

#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/cosigner_key.h"
#include "vault/tlog/note_key.h"

namespace exhibit::cli {

// `name` is a vkey, or a file with one on its only line, however a system ends lines. Every key that the command line
// takes is read here. kInvalid says what else it is, where that is known: an age identity, a certificate.
Result<tlog::VerifierKey> ReadVerifierKey(const std::string& name);
// The same for a key that cosigns, of either type.
Result<tlog::CosignerKey> ReadCosignerKey(const std::string& name);
// The same for keys that sign logs.
Result<std::vector<tlog::VerifierKey>> ReadLogKeys(const std::vector<std::string>& names);

}  // namespace exhibit::cli

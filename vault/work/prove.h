// Proving one entry to somebody who has the original, or needs only what it tells (bundle/proof_file.h): recorded first, then
// made at the head that tells of it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "vault/bundle/proof_writer.h"
#include "vault/work/access.h"

namespace exhibit::work {

struct ProveJob {
  bundle::ProofRequest proof;  // what is shown of which entry
  std::string purpose;         // for the record
  std::function<Result<std::unique_ptr<VaultReader>>()> open_reader;
  OpenWriter open_writer;
};

// The proof file. Errors as of RecordAccess and bundle::MakeProof; an error of the latter leaves the entry that says that
// something was to be proven.
Result<std::string> Prove(const ProveJob& job, seal::Identities keys, Pool& pool);

}  // namespace exhibit::work

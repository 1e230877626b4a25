// Checking a proof file (proof_file.h), with nothing but it, originals that its reader has, and what its reader brings.
#pragma once

#include <filesystem>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/bundle/verifier.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {

// Everything about the proof is in the report: its items are those whose fields it tells, and each original must be one of
// them. Without an original a remark says that none was seen. Of `request` the identities and the places are not used.
//   kInvalid   it is no proof file
//   kTampered  it is one that is not of the form: nothing in it was looked at
//   kNotFound, kPermission, kIo, kInterrupted
Result<verify::Report> CheckProof(const std::filesystem::path& proof,
                                  const std::vector<std::filesystem::path>& originals, const VerifyRequest& request,
                                  Pool& pool);

}  // namespace exhibit::bundle

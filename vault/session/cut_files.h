// What is left of a stream whose writer was killed: VAULT/cut/<pack>-<offset>.age, named by where it lay in the packs.
//
// The header of a sealed file is written first, so a reader's key opens what came before the cut (seal/cut_reader.h). No
// entry names it, and a pack holds nothing that no entry names. So the next writer saves it here before the pack's space is
// given back, and says by which command it is taken in. Until then it is no evidence: nobody signed for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/store/store.h"

namespace exhibit::cut_files {

// Less of a payload is not saved: what is smaller was never staged before all of it was read.
inline constexpr std::uint64_t kLeastPayload = 1 << 20;

// Saves what an interrupted writer staged in `store`, if it is one large sealed file: a whole age header, and at least
// kLeastPayload after it. Written under another name, synced and renamed. The same again is left as it is. kIo where it
// cannot be saved: it is still in the store then.
Result<void> Save(const store::Store& store, const std::filesystem::path& folder);

// What to tell the user of each file that was saved and is still there.
Result<std::vector<std::string>> RemarksOn(const std::filesystem::path& folder);

}  // namespace exhibit::cut_files

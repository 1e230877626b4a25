// A proof file: what proves one item or act to who has the original, or needs only what it tells. It is the files of a
// bundle's log/ under section lines, in this order; nobody signs it, because what it proves is in the entries.
//
//   exhibit-proof@v1\n
//   == entries\n          == hashes\n     == fields\n      == checkpoint\n    == timestamps\n   (may be missing)
//   == parts\n            "= index salt base64\n" for each part of the original that is shown; may be missing
//   == part-hashes\n      with parts: the hashes of the subtrees of which no part is shown (hidden_subtrees.h)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/bundle/log_files.h"
#include "vault/custody/parts.h"

namespace exhibit::bundle {

inline constexpr std::uint64_t kMaxProofFileBytes = std::uint64_t{1} << 24;

struct ShownParts {
  std::vector<custody::Part> parts;
  std::vector<tlog::HiddenSubtree> hidden;
};

struct ProofFile {
  LogFiles log;  // without files, layouts and headers
  std::optional<std::string> parts = {};
  std::optional<std::string> part_hashes = {};
};

// True if the text says that it is a proof, of any version.
bool LooksLikeProof(std::string_view text);
// kTampered naming the rule: another version, a section that is missing, there twice or in another place, too long.
Result<ProofFile> ParseProofFile(std::string_view text);
std::string EncodeProofFile(const ProofFile& proof);

// The two sections of parts. kInvalid for a line in another form.
Result<ShownParts> ParseShownParts(std::string_view parts, std::string_view part_hashes);
std::string EncodeParts(const std::vector<custody::Part>& parts);

}  // namespace exhibit::bundle

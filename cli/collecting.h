// Collecting: evidence is sealed into a drop, on a machine that can read nothing. Shared by `exhibit collect` and the small
// program `exhibit-collect`.
#pragma once

#include <string>
#include <string_view>

#include "cli/evidence_options.h"
#include "cli/exit_code.h"

namespace exhibit::cli {

struct CollectArguments {
  EvidenceOptions adding;
  std::string collector;
  std::string drop;
  bool quiet = false;
};

inline constexpr const char* kCollectMeaning = "seal evidence into a drop, on a machine that has no vault";
// `typed` is how the user begins: "exhibit collect".
void AddCollectOptions(const Command& command, CollectArguments& arguments, std::string_view typed);
Result<ExitCode> Collect(const CollectArguments& arguments, std::string_view typed);

}  // namespace exhibit::cli

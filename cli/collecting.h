// Collecting: evidence is sealed into a drop, on a machine that can read nothing. Shared by `exhibit collect` and the small
// program `exhibit-collect`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/evidence_options.h"
#include "cli/exit_code.h"
#include "vault/intake/collector.h"
#include "vault/intake/destination.h"

namespace exhibit::cli {

struct CollectArguments {
  EvidenceOptions adding;
  std::string collector;
  std::string drop;  // a folder, or "s3://HOST/BUCKET/PREFIX"
  bool quiet = false;
};

inline constexpr const char* kCollectMeaning = "seal evidence into a drop, on a machine that has no vault";
// Opens a drop that is a bucket, "s3://…".
using OpenBucketDrop =
    std::function<Result<std::unique_ptr<intake::Destination>>(intake::Collector, const CollectArguments&)>;

// How the user begins, "exhibit collect", and what that program can.
struct Collecting {
  std::string_view typed;
  OpenBucketDrop open_bucket = {};  // none: it has no network
};
void AddCollectOptions(const Command& command, CollectArguments& arguments, const Collecting& program);
Result<ExitCode> Collect(const CollectArguments& arguments, const Collecting& program);

}  // namespace exhibit::cli

// Reports of verifications that never were, for tests of what is said of them.
#pragma once

#include <cstdint>

#include "tests/support/check.h"
#include "vault/verify/report.h"

namespace exhibit::testing {

// Nothing was found in a log of so many entries, and all its sealed files were opened.
inline verify::Report GoodReportOf(std::uint64_t entries, std::uint64_t items) {
  verify::Report report;
  report.depth = verify::Depth::kContent;
  report.head = tlog::Checkpoint{Unwrap(tlog::Origin::Parse("log.example/a")), {entries}, {}};
  report.entries = entries;
  report.items = items;
  report.contents = items;
  return report;
}

}  // namespace exhibit::testing

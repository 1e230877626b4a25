// Files that are written into a bundle beside the evidence, when log/ is written: papers for people, and files for other
// programs. They are made from what the bundle proves and prove nothing themselves. The bundle's writer knows when they are
// written, and not what they say; vault/tell makes them (tell/papers.h).
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vault/bundle/bag.h"
#include "vault/bundle/exported.h"
#include "vault/bundle/log_writer.h"

namespace exhibit::bundle {

struct Contents {
  std::set<tlog::Sequence> entries;  // all that are told
  std::uint64_t items = 0;           // that are in the bundle
  std::vector<Missing> missing;      // that were asked for and are not
};

// Label and value, in the order of bag-info.txt.
using BagInfo = std::vector<std::pair<std::string, std::string>>;

// One serves one bundle: Begin, Add for each entry, Finish. The error is the bag's, or the medium's.
class Companion {
 public:
  virtual ~Companion() = default;
  virtual Result<void> Begin(BagWriter& bag, const BundleHead& head, const Contents& contents) = 0;
  // In the order of the log, the genesis first.
  virtual Result<void> Add(const ExportedEntry& exported) = 0;
  // The files of log/ are written. `log`: what is in them, if it is little; else null.
  virtual Result<BagInfo> Finish(BagWriter& bag, const LogTexts* log) = 0;
};

}  // namespace exhibit::bundle

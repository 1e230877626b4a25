// omissions.json: what is not in a bundle. One object, one line:
//
//   "v"              1
//   "origin"         the log's, "log_size" its entries when the bundle was made
//   "complete"       whether every item that was asked for is there
//   "missing"        what was asked for and is not here: a list of {"item", "why"}
//   "not_in_bundle"  the positions of which the bundle tells nothing: a list of "4" and "6-9"
#pragma once

#include <set>
#include <string>
#include <vector>

#include "vault/bundle/exported.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::bundle {

// The ranges of positions of a log of `size` entries that are not among `present`, ascending.
std::vector<tlog::SequenceRange> Gaps(tlog::TreeSize size, const std::set<tlog::Sequence>& present);

std::string OmissionsJson(const BundleHead& head, const std::set<tlog::Sequence>& present,
                          const std::vector<Missing>& missing);

}  // namespace exhibit::bundle

// omissions.json: what is not in a bundle. One object, one line:
//
//   "v"              1
//   "origin"         the log's, "log_size" its entries when the bundle was made
//   "range"          "3-7": from the first item that was asked for to the last
//   "complete"       whether every item that was asked for is there
//   "missing"        items that were asked for and are not there: a list of {"item", "why"}
//   "not_in_bundle"  the entries of the range that are not in the bundle: a list of "4" and "6-9"
#pragma once

#include <set>
#include <string>
#include <vector>

#include "vault/bundle/exported.h"

namespace exhibit::bundle {

// The ranges of positions within `range` that are not among `present`, ascending.
std::vector<LogRange> Gaps(const LogRange& range, const std::set<tlog::Sequence>& present);

std::string OmissionsJson(const BundleHead& head, const std::set<tlog::Sequence>& present,
                          const std::vector<Missing>& missing);

}  // namespace exhibit::bundle

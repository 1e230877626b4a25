// What of an object store a vault does not use, tried on the two buckets where it is to be made: multipart uploads and copies
// with a lock, a lock that a bucket gives by itself, conditions on replacing. Only passing over a lock decides anything;
// the rest is recorded, because whoever runs the buckets by other programs should know what these cannot trust.
//
// It leaves small objects below probe/, locked for a day where the store keeps its word.
#pragma once

#include <vector>

#include "vault/net/s3_bucket.h"
#include "vault/work/probe_buckets.h"

namespace exhibit::work {

// Tries each. A request that fails is a trial that does not hold, and says why; kIo if nobody answers.
Result<std::vector<Probe>> ProbeUnused(net::S3Bucket& log, net::S3Bucket& data);

}  // namespace exhibit::work

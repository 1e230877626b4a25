// Who may do what in the two buckets of a vault on an object store, as policies that S3 takes: one JSON document a bucket.
//
//   owner     made the buckets, and can take a policy off: its credentials are kept offline
//   writer    adds: puts what a vault has, reads; sets no lock by itself, deletes nothing
//   renewer   renews locks, reads; puts nothing
//   sweeper   deletes versions of sealed content, reads; sets no lock, puts nothing. What is locked it cannot delete
//   reader    reads, lists
//   dropper   puts below drops/ and the last part of its ARN, reads nothing; one for each collector
//
// Nobody else deletes, nobody passes over a lock, nobody gives an object away: these are denied to all, the owner too, because an
// account that put an object may else do all that with it. What an account is called, the store says: on Ceph
// "arn:aws:iam:::user/NAME", on AWS "arn:aws:iam::NUMBER:user/NAME".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/base/json.h"
#include "vault/net/s3_place.h"

namespace exhibit::work {

struct Accounts {
  std::vector<std::string> owners = {};
  std::vector<std::string> writers = {};
  std::vector<std::string> renewers = {};
  std::vector<std::string> sweepers = {};
  std::vector<std::string> readers = {};
  std::vector<std::string> droppers = {};
};

// Whether who puts an object with a lock must be allowed to set locks. On AWS that is so; on Ceph it is not, and there it is
// better denied: who may set locks could lengthen all of them or, on a version whose lock falls, take them away.
enum class PutWithLock : std::uint8_t { kIsPut, kSetsLock };

struct BucketPolicies {
  Json data;
  Json log;
};
// kInvalid naming an account that is not written as an ARN, and a dropper whose folder would be none or another's; where there is
// no account; and for a sweeper without an owner: it is denied by name what the sweeper may.
Result<BucketPolicies> PoliciesOf(const net::S3Place& place, const Accounts& accounts, PutWithLock put);

// Below the prefix in the bucket DATA: where droppers put, each into a folder of its own.
inline constexpr std::string_view kDropFolder = "drops/";

}  // namespace exhibit::work

// Renewing the locks of a vault on an object store. A lock of sealed content is short, so that content can be destroyed: it
// ends, unless somebody renews it. This is who renews: every object of which the log uses something, and nothing else.
//
//   pay/, hdr/             of the log's objects, for payload_lock_days; but for those that are spent (store/spent_objects.h),
//                          whose locks must end: what they held was shredded, or placed anew
//   log/, head/, keys/, settings   every version that may be ours, for log_lock_days
//
// An object is renewed once a third of its period has gone by (store/lock_state.h), so a run that is interrupted is begun
// again, a second one finds nothing to do, and several may fail before a lock ends. No lock is made shorter. Each renewal is
// read back. It needs no secret of the vault: credentials that may list, read, and set locks.
//
// Costs: a request for the lock of each object; of one that is renewed two more.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vault/store/lock_survey.h"
#include "vault/store/object_log.h"

namespace exhibit::work {

struct RetainRequest {
  enum class Doing : std::uint8_t { kRenew, kOnlyTell };
  Doing doing = Doing::kRenew;
  std::optional<std::uint32_t> payload_days = {};  // else what the vault's settings say
  std::atomic<std::uint64_t>* done = nullptr;      // counts objects, for who shows progress
};

struct Retained {
  std::uint64_t looked = 0;
  std::uint64_t passed_over = 0;         // objects that are spent
  std::uint64_t renewed = 0;             // or would be
  std::uint64_t lapsed = 0;              // of these: their locks had ended
  std::uint64_t unlocked = 0;            // of these: they had none
  Moment payload_until;                  // until when sealed content is locked that was renewed
  std::optional<Moment> first_end = {};  // when the first of all these locks ends now
  struct Failure {
    std::string object;
    Error why;
  };
  std::uint64_t failed = 0;
  std::vector<Failure> failures = {};  // the first of them
};

// What could not be renewed is in the answer. It fails with kInterrupted; with what is wrong where nothing could be renewed
// of the first hundred; and with errors of listing.
Result<Retained> Retain(const store::ObjectLog& log, const RetainRequest& request);

}  // namespace exhibit::work

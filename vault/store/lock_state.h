// What is to be said of the lock of one object of a vault: whether it holds, must be renewed, or is not what it should be.
//
//   put        the object is locked for the whole period that was chosen for its kind (ObjectSettings)
//   due        two thirds of the period, or less, are left: `exhibit retain` renews it, so that several runs may fail
//   near       a third or less is left: those runs failed, or nobody makes them. `status` and `verify` warn
//   lapsed     it kept its word and ended: the bytes are there, and whoever may delete can delete them
//   short      it ends sooner than it was put for: somebody, or the store, broke its promise
//   none       in COMPLIANCE mode
#pragma once

#include <cstdint>
#include <optional>

#include "vault/net/object_store.h"

namespace exhibit::store {

enum class LockState : std::uint8_t { kHolds, kDue, kNear, kLapsed, kShort, kNone };

// The lock of something that is locked at this moment for so many days: whole seconds, and never past what stores keep.
net::LockedUntil LockFrom(Moment now, std::uint32_t days);

struct LockQuestion {
  std::optional<net::LockedUntil> lock;
  std::uint32_t days = 0;          // of its kind
  std::optional<Moment> put = {};  // when the object was put, where that is known: without it no lock is short
  Moment now;
};
LockState StateOf(const LockQuestion& question);

}  // namespace exhibit::store

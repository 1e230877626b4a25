// What a vault relies on, tried on the two buckets where it is to be made. Object stores answer "done" to what they did not
// do (docs/OBJECT-STORE.md has what was seen on which version), so nobody is believed.
//
// It leaves a few small objects below probe/, one of them locked until 2150 where the store keeps its word.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/net/object_store.h"

namespace exhibit::work {

struct ProbedBuckets {
  net::ObjectStore& log;
  net::ObjectStore& data;
};

struct Probe {
  enum class Need : std::uint8_t {
    kAlways,  // without it entries would be lost: no vault is made
    kNone,    // no vault uses it: recorded for people
    kLock,    // the lock binds less than it says: a vault is made only where that is accepted, and its log says so
  };
  std::string name;  // a few words: "double create"
  Need need = Need::kAlways;
  bool holds = false;
  std::string seen;  // what happened, for people
};

// Where trials put their objects, another for each, and until when these are locked: for a day.
std::string NewProbeFolder();
net::LockedUntil LockOfProbes();

// Tries each. An error is one of the network or of the credentials, after which nothing is known.
Result<std::vector<Probe>> ProbeBuckets(const ProbedBuckets& buckets);

// kUnsupported, naming each that does not hold and is not accepted.
enum class WeakLock : std::uint8_t { kRefused, kAccepted };
Result<void> CheckProbes(const std::vector<Probe>& probes, WeakLock weak);
// The names of those of this need that do not hold.
std::vector<std::string> NotHolding(const std::vector<Probe>& probes, Probe::Need need);

}  // namespace exhibit::work

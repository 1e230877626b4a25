// The roles of a key, and what a rule of two can name. Frozen: entries hold these words, in this order.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "vault/custody/words.h"

namespace exhibit::custody {

enum class Role : std::uint8_t {
  kCollector,  // adds items
  kCustodian,  // all acts of custody; adds items too
  kWitness,    // cosigns checkpoints; signs no entries
};
template <>
struct Words<Role> {
  static constexpr std::array<std::string_view, 3> kAll = {"collector", "custodian", "witness"};
};
using Roles = WordSet<Role>;

// What a rule can ask two persons for. kCustodian means admitting, and whatever "any rule" asks for.
enum class Ruled : std::uint8_t {
  kCustodian,
  kRetire,
  kLift,
  kLogKey,
  kLostHead,
  kReader,
  kReseal,
  kRelease,
  kShred,
};
template <>
struct Words<Ruled> {
  static constexpr std::array<std::string_view, 9> kAll = {"custodian", "retire", "lift",    "log-key", "lost-head",
                                                           "reader",    "reseal", "release", "shred"};
};
using RuledActs = WordSet<Ruled>;

}  // namespace exhibit::custody

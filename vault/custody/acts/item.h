// A piece of evidence; what is told of it is in its fields. One that was sealed elsewhere carries its collector's statement.
#pragma once

#include <cstdint>

#include "vault/custody/act.h"
#include "vault/custody/statements/collected.h"
#include "vault/custody/words.h"

namespace exhibit::custody {

// What is not as it should be of a collected item, and was accepted by a custodian all the same.
enum class Accepted : std::uint8_t {
  kEarlierKey,  // it is sealed to a recipient that the vault had before
  kRetired,     // its collector's key was admitted, and is no more
};
template <>
struct Words<Accepted> {
  static constexpr std::array<std::string_view, 2> kAll = {"earlier-key", "retired"};
};

struct Item {
  std::optional<SignedCollected> collected;
  std::optional<WordSet<Accepted>> accepted;

  static constexpr ActForm kForm = {.type = "item",
                                    .sealed = SealedRule::kContent,
                                    .actor = ActorRule::kCollectorToo,
                                    .signers = "custodian, collector; none"};
  static constexpr auto kMembers =
      std::tuple(Member{"collected", &Item::collected}, Member{"accepted", &Item::accepted});
  Result<void> CheckForm() const;
  // With `accepted` a custodian signs.
  bool AsksCustodian() const { return accepted.has_value(); }
  ByteView statement_note() const { return collected ? collected->bytes() : ByteView(); }
  Result<std::vector<tlog::VerifierKey>> StatementKeys(const Facts& facts) const;
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody

// Entry 0: the vault's keys, its first custodian, and what never changes: the number of labels, the suite, the padding.
#pragma once

#include <cstdint>

#include "vault/base/format.h"
#include "vault/custody/act.h"
#include "vault/custody/acts/custodian.h"
#include "vault/custody/digests.h"

namespace exhibit::custody {

// The vault before, whose log this one goes on from.
struct Continues {
  Fingerprint fingerprint;
  std::uint64_t size = 0;
  tlog::RootHash root;
  static constexpr auto kMembers = std::tuple(Member{"fingerprint", &Continues::fingerprint},
                                              Member{"size", &Continues::size}, Member{"root", &Continues::root});
  Result<void> CheckForm() const {
    return size == 0 ? Fail(ErrorCode::kInvalid, "\"continues\": an empty log") : Result<void>();
  }
  bool operator==(const Continues&) const = default;
};

struct Genesis {
  Suite suite = Suite::kX25519;
  LabelCount label_count;
  Fixedly<1> pad;
  VaultRecipient recipient;
  LogKeyList log;
  Custodian custodian;
  std::optional<KeyFileDigest> key_file;
  std::optional<tlog::VerifierKey> recovery;
  std::optional<Continues> continues;

  static constexpr ActForm kForm = {.type = "genesis",
                                    .law = LawRule::kYes,
                                    .actor = ActorRule::kNamedCustodian,
                                    .signers = "the custodian that it names; none"};
  static constexpr auto kMembers =
      std::tuple(Member{"suite", &Genesis::suite}, Member{"label_count", &Genesis::label_count},
                 Member{"pad", &Genesis::pad}, Member{"recipient", &Genesis::recipient}, Member{"log", &Genesis::log},
                 Member{"custodian", &Genesis::custodian}, Member{"key_file", &Genesis::key_file},
                 Member{"recovery", &Genesis::recovery}, Member{"continues", &Genesis::continues});
  Result<void> CheckFormIn(const tlog::Origin& origin) const;
  // A second one is refused. The first begins a state (state.h).
  Result<void> Check(const Judging& at) const;
  void Apply(Facts& facts, const Entry& entry) const;
};

}  // namespace exhibit::custody

namespace exhibit {

template <>
struct Form<custody::Suite> {
  static Result<custody::Suite> Read(CanonicalReader& in) {
    TRY(const std::uint64_t number, in.Number());
    if (number == 1) return custody::Suite::kX25519;
    if (number == 2) return custody::Suite::kHybrid;
    return in.Refuse(Format("{} is neither 1 nor 2", number));
  }
  static void Write(CanonicalWriter& out, custody::Suite value) { out.Number(static_cast<std::uint64_t>(value)); }
};

}  // namespace exhibit

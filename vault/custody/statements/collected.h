// What a collecting machine says of an item that it sealed, and of the end of a run, before any log knows them.
//
//   {"v":1,"statement":"collected","origin":…,"fingerprint":…,"collector":…,"number":3,"prev":…,["next":…],"recipient":…,
//    "time":…,"labels":…,"header":…,"key":…,"payload":…,"fields":…}
//   {"v":1,"statement":"closed","origin":…,"fingerprint":…,"collector":…,"up_to":3,"prev":…,["next":…],"time":…}
//
//   number   from 1, one more than the collector's before; up_to: the number of its last item, 0 if there was none
//   prev     SHA-256 of this collector's statement before, of either kind; 64 zeros for the first
//   next     a key of the same name, which signs the statements after this one
//
// The chain names whoever keeps back the last items, a run or a stick.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <variant>

#include "vault/custody/actor.h"
#include "vault/custody/sealed_file.h"
#include "vault/custody/signed_text.h"

namespace exhibit::custody {

// A key that takes the place of a collector's must have its name.
Result<void> CheckNextName(const Actor& collector, const std::optional<tlog::VerifierKey>& next);

struct Collected {
  static constexpr std::string_view kName = "collected";
  static constexpr std::size_t kMaxBytes = 8'192;

  tlog::Origin origin;
  Fingerprint fingerprint;
  Actor collector;
  std::uint64_t number = 0;
  StatementDigest prev;
  std::optional<tlog::VerifierKey> next;
  VaultRecipient recipient;
  EntryTime time;
  SealedFile sealed;
  static constexpr auto kMembers = std::tuple(
      Member{"origin", &Collected::origin}, Member{"fingerprint", &Collected::fingerprint},
      Member{"collector", &Collected::collector}, Member{"number", &Collected::number},
      Member{"prev", &Collected::prev}, Member{"next", &Collected::next}, Member{"recipient", &Collected::recipient},
      Member{"time", &Collected::time}, Among{&Collected::sealed});
  Result<void> CheckForm() const;
};
using SignedCollected = SignedText<Collected>;

struct ClosedRun {
  static constexpr std::string_view kName = "closed";
  static constexpr std::size_t kMaxBytes = 8'192;

  tlog::Origin origin;
  Fingerprint fingerprint;
  Actor collector;
  std::uint64_t up_to = 0;
  StatementDigest prev;
  std::optional<tlog::VerifierKey> next;
  EntryTime time;
  static constexpr auto kMembers =
      std::tuple(Member{"origin", &ClosedRun::origin}, Member{"fingerprint", &ClosedRun::fingerprint},
                 Member{"collector", &ClosedRun::collector}, Member{"up_to", &ClosedRun::up_to},
                 Member{"prev", &ClosedRun::prev}, Member{"next", &ClosedRun::next}, Member{"time", &ClosedRun::time});
  Result<void> CheckForm() const { return CheckNextName(collector, next); }
};
using SignedClosedRun = SignedText<ClosedRun>;

// Either, as the entry that puts `next` in the collector's place carries it.
using CollectorStatement = std::variant<SignedCollected, SignedClosedRun>;

}  // namespace exhibit::custody

namespace exhibit {

template <>
struct Form<custody::CollectorStatement> {
  static Result<custody::CollectorStatement> Read(CanonicalReader& in);
  static void Write(CanonicalWriter& out, const custody::CollectorStatement& value);
};

}  // namespace exhibit

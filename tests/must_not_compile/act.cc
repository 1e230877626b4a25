// An act of custody that forgets a part does not compile (vault/custody/act.h).
#include "vault/custody/body.h"

namespace exhibit::custody {

struct Example {
  ItemSet items;
#if !(PROGRAM == 1)  // its row of the page
#if PROGRAM == 4     // who may have a cosigner says when one is needed
  static constexpr ActForm kForm = {.type = "example", .cosigner = CosignerRule::kMay, .signers = "custodian"};
#else
  static constexpr ActForm kForm = {.type = "example", .signers = "custodian; none"};
#endif
#endif
#if !(PROGRAM == 2)  // its members
  static constexpr auto kMembers = std::tuple(Member{"items", &Example::items});
#endif
#if !(PROGRAM == 3)  // what must hold before it
  Result<void> Check(const Judging& at) const;
#endif
#if !(PROGRAM == 5)  // what it brings about
  void Apply(Facts& facts, const Entry& entry) const;
#endif
#if PROGRAM == 6  // who carries a statement says who signed it
  ByteView statement_note() const;
#endif
};

using Acts = ActList<Hold, Example>;
Acts::Body Made() { return Hold{*ItemSet::Parse("1")}; }
#if PROGRAM == 0
void AllParts() { Made(); }
#endif

}  // namespace exhibit::custody

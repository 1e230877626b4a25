// A receiver's signed statement about a bundle: which one came, and whether it held. What was found, and of which items,
// are fields. The receiver's key is any Ed25519 key under the name of the origin and "/receiver".
//
//   {"v":1,"statement":"receipt","origin":…,"fingerprint":…,"bundle":…,"checkpoint":"<five lines>","made_by":…,"made":…,
//    "received_by":"<key>","time":…,"outcome":"holds","fields":…}
#pragma once

#include <cstdint>
#include <tuple>

#include "vault/custody/forms.h"
#include "vault/custody/signed_text.h"
#include "vault/custody/words.h"

namespace exhibit::custody {

enum class ReceiptOutcome : std::uint8_t { kHolds, kFails };
template <>
struct Words<ReceiptOutcome> {
  static constexpr std::array<std::string_view, 2> kAll = {"holds", "fails"};
};

struct Receipt {
  static constexpr std::string_view kName = "receipt";
  static constexpr std::size_t kMaxBytes = 24'576;

  tlog::Origin origin;
  Fingerprint fingerprint;
  BundleDigest bundle;
  NotedCheckpoint checkpoint;
  Actor made_by;
  EntryTime made;
  tlog::VerifierKey received_by;
  EntryTime time;
  ReceiptOutcome outcome;
  FieldsDigest fields;
  static constexpr auto kMembers =
      std::tuple(Member{"origin", &Receipt::origin}, Member{"fingerprint", &Receipt::fingerprint},
                 Member{"bundle", &Receipt::bundle}, Member{"checkpoint", &Receipt::checkpoint},
                 Member{"made_by", &Receipt::made_by}, Member{"made", &Receipt::made},
                 Member{"received_by", &Receipt::received_by}, Member{"time", &Receipt::time},
                 Member{"outcome", &Receipt::outcome}, Member{"fields", &Receipt::fields});
};
using SignedReceipt = SignedText<Receipt>;

}  // namespace exhibit::custody

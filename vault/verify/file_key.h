// The file key of a sealed file, from whichever of its headers these identities open.
//
// The entry names the original header, whose MAC commits to the file key. A header that a reseal entry made
// anew gives a key too, and it counts only if the original commits to the same key: whoever swaps such a
// header causes a failure, and cannot present other content.
#pragma once

#include <vector>

#include "vault/custody/entry.h"
#include "vault/custody/named_items.h"
#include "vault/seal/recipient.h"
#include "vault/verify/source.h"

namespace exhibit::verify {

// A header that was made anew, as the reseal entry names it.
struct Rewrapped {
  tlog::Sequence under;
  custody::HeaderDigest digest;
};

// The headers that were made anew for the sealed file of `item`, as the index (a hint) says: in the order
// of the log. None if the source keeps no index.
Result<std::vector<Rewrapped>> FindRewrapped(const LogSource& source, tlog::Sequence item);

// The entry of the item that a collector gave this number, as the index says; nothing if there is none, or
// the source keeps no index.
Result<std::optional<tlog::Sequence>> FindCollected(const LogSource& source, const custody::CollectedNumber& number);

// What the reseal entry at `under` says of each of its items, in their order.
std::vector<std::pair<tlog::Sequence, Rewrapped>> RewrappedBy(const custody::Reseal& reseal, tlog::Sequence under);

// A header that was made anew. kTampered if it is not the one that the entry names; errors of the source.
Result<seal::AgeHeader> ReadRewrappedHeader(const LogSource& source, tlog::Sequence item, const Rewrapped& rewrapped);

// The file key of the sealed file of `item`, whose original header is the one that its entry names. Errors as
// of seal::OpenHeader; kTampered if a header made anew holds another key than the original commits to.
Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const seal::AgeHeader& original,
                                  seal::Identities identities);

// The same for an entry: reads the original header and compares it with the entry first.
Result<seal::FileKey> OpenFileKey(const LogSource& source, tlog::Sequence item, const custody::SealedFile& file,
                                  seal::Identities identities);

}  // namespace exhibit::verify

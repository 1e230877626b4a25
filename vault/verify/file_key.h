// The file key of a sealed file, wherever in the source it is to be had with these identities.
//
// The entry names the original header, whose MAC commits to the file key. A header that a reseal entry made
// anew gives a key too, and it counts only if the original commits to the same one: whoever swaps such a
// header gains a failure, and no other content.
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

// The headers that were made anew for the sealed file of `item`, by the index, which is a hint: in the order
// of the log. None where the source keeps no index.
Result<std::vector<Rewrapped>> FindRewrapped(const Source& source, tlog::Sequence item);

// Which entry holds the item that a collector numbered so, by the index; nothing where it is not there, or
// the source keeps no index.
Result<std::optional<tlog::Sequence>> FindCollected(const Source& source, const custody::CollectedNumber& number);

// What the reseal entry at `under` says of each of its items, in their order.
std::vector<std::pair<tlog::Sequence, Rewrapped>> RewrappedBy(const custody::Reseal& reseal, tlog::Sequence under);

// A header that was made anew, if it is the one that the entry names. Errors of the source, kTampered.
Result<seal::AgeHeader> ReadRewrappedHeader(const Source& source, tlog::Sequence item, const Rewrapped& rewrapped);

// The file key of the sealed file of `item`, whose original header is the one that its entry names. Errors as
// of seal::OpenHeader; kTampered where a header made anew holds another key than the original commits to.
Result<seal::FileKey> OpenFileKey(const Source& source, tlog::Sequence item, const seal::AgeHeader& original,
                                  seal::Identities identities);

// The same of an entry: reads the original header and compares it first.
Result<seal::FileKey> OpenFileKey(const Source& source, tlog::Sequence item, const custody::SealedFile& file,
                                  seal::Identities identities);

}  // namespace exhibit::verify

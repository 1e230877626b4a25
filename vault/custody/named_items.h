// The items that an act names: whether they are items, and whether a transfer's statement is of these.
//
// One rule for the vault, which knows every earlier entry, and for a bundle, which holds some of them:
// what is not at hand is not judged, and what is must fit.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "vault/custody/entry.h"

namespace exhibit::custody {

// What is known of an earlier entry.
struct NamedItem {
  enum class Kind : std::uint8_t {
    kSealed,   // it has a sealed file
    kNoItem,   // it is there and has none
    kNotHere,  // nothing is known of it (in a bundle)
  };
  Kind kind = Kind::kNotHere;
  tlog::LeafHash leaf = {};  // of an entry that is here
};
NamedItem NamedItemOf(const SignedEntry& entry);

// Asked of an earlier position. A vault's never answers kNotHere.
using AskNamedItem = std::function<Result<NamedItem>(tlog::Sequence)>;

// Whether an item with this number of this collector is in the log already.
using AskCollected = std::function<Result<bool>(const CollectedNumber&)>;

// The number of an item that was collected elsewhere, or null.
const CollectedNumber* CollectedNumberOf(const EntryBody& body);
// kInvalid naming the number, for what says that it was used.
Result<void> CheckUnused(const CollectedNumber& number, bool used);

// The items that `entry` names are earlier entries with a sealed file, and the leaves of a transfer's
// statement are theirs, if all are known. kInvalid naming the item, or an error of `ask`. Without
// `ask`, entries that name items are refused.
Result<void> CheckNamedItems(const Entry& entry, const AskNamedItem& ask);

}  // namespace exhibit::custody

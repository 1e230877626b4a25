// What of an item is not as of an ordinary one, in words for people: wherever an item is told, it is told too.
#pragma once

#include <string>
#include <vector>

#include "vault/custody/item_facts.h"

namespace exhibit::custody {

// "cut short (interrupted) after 4 bytes", "changed while it was read", and so on; nothing of a whole one, or where
// its state is not told. Printable.
std::vector<std::string> NotOrdinary(const ItemFacts& facts);

}  // namespace exhibit::custody

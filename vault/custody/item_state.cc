#include "vault/custody/item_state.h"

namespace exhibit::custody {

std::vector<std::string> NotOrdinary(const ItemFacts& facts) {
  std::vector<std::string> words;
  if (facts.partial) words.push_back(InWords(*facts.partial, facts.size));
  if (!facts.state) return words;
  if (!facts.state->whole && !facts.partial) words.emplace_back("not whole");
  if (facts.state->changed) words.emplace_back("changed while it was read");
  if (facts.state->derived) words.emplace_back("made of another item");
  if (facts.state->content == ContentPlace::kElsewhere) words.emplace_back("kept elsewhere");
  return words;
}

}  // namespace exhibit::custody

// Entries of the log: what is read is written again to the same bytes, and no entry begins a vault or has a signature by
// chance.
#include "vault/base/error.h"
#include "vault/custody/state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto text = custody::DecodeEntryText(TextOf(input));
  if (text) EXHIBIT_ASSERT(custody::EncodeEntryText(*text) == TextOf(input));
  IgnoreBecause("any answer will do", custody::ReadNewerSequence(input));
  const auto entry = custody::SignedEntry::Parse(ToBytes(input));
  if (!entry) return 0;
  EXHIBIT_ASSERT(Equal(entry->bytes(), input));
  const auto state = custody::State::Begin(*entry);
  if (state) EXHIBIT_ASSERT(entry->parsed().sequence == tlog::Sequence{0});
  return 0;
}

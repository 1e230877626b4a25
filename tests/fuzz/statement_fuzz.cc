// Statements of collectors, of transfer, of receivers and of bundles, and sets of items: what is read is written again to the
// same bytes.
#include "vault/base/error.h"
#include "vault/custody/statements/bundle_note.h"
#include "vault/custody/statements/collected.h"
#include "vault/custody/statements/receipt.h"
#include "vault/custody/statements/transfer.h"

namespace {

using namespace exhibit;

template <typename Statement>
void Try(ByteView input) {
  const auto text = custody::DecodeStatement<Statement>(TextOf(input));
  if (text) EXHIBIT_ASSERT(custody::EncodeStatement(*text) == TextOf(input));
  const auto note = custody::SignedText<Statement>::Parse(ToBytes(input));
  if (note) EXHIBIT_ASSERT(Equal(note->bytes(), input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  const auto items = custody::ItemSet::Parse(TextOf(input));
  if (items) EXHIBIT_ASSERT(items->ToText() == TextOf(input));
  Try<custody::Collected>(input);
  Try<custody::ClosedRun>(input);
  Try<custody::TransferStatement>(input);
  Try<custody::Receipt>(input);
  Try<custody::BundleNote>(input);
  return 0;
}

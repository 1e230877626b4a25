// Statements of transfer, of collectors and of receivers, and sets of items: what is read is written again to the same bytes.
#include "vault/base/error.h"
#include "vault/custody/collected.h"
#include "vault/custody/receipt.h"
#include "vault/custody/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto items = custody::ItemSet::Parse(TextOf(input));
  if (items) EXHIBIT_ASSERT(items->ToText() == TextOf(input));
  const auto text = custody::DecodeStatementText(TextOf(input));
  if (text) EXHIBIT_ASSERT(custody::EncodeStatementText(*text) == TextOf(input));
  const auto statement = custody::SignedStatement::Parse(ToBytes(input));
  if (statement) EXHIBIT_ASSERT(Equal(statement->bytes(), input));
  const auto collected = custody::SignedCollected::Parse(ToBytes(input));
  if (collected) EXHIBIT_ASSERT(Equal(collected->bytes(), input));
  const auto receipt = custody::SignedReceipt::Parse(ToBytes(input));
  if (receipt) EXHIBIT_ASSERT(Equal(receipt->bytes(), input));
  return 0;
}

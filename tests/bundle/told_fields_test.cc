// Goal: what is told of an item is what was checked, though its file is read once more.
#include <string>

#include "tests/support/check.h"
#include "vault/bundle/told_log_check.h"

namespace exhibit::testing {

using namespace bundle;  // NOLINT: all of it is about these functions

TEST_CASE("fields that changed after the log was checked are not told", "[bundle]") {
  const std::string salt(32, 'a');
  const std::string block = "[\"" + salt + "\",\"size\",1]\n";
  const std::string changed = "[\"" + salt + "\",\"size\",2]\n";
  const custody::SealedFile sealed{
      Unwrap(custody::Labels::Make({}, {4})), {}, {}, {}, Unwrap(custody::FieldList::ParseBlock(block)).digest()};
  const ToldEntry entry{
      "item", Unwrap(custody::Actor::Parse("test.example/vault/k1+1a2b3c4d")), {}, sealed, ByteRange{0, block.size()}};
  CHECK(Unwrap(ReadFields(LogPart(block), entry)).Block() == block);
  CHECK_FAILS(ReadFields(LogPart(changed), entry), ErrorCode::kTampered, "changed while the bundle was read");
}

}  // namespace exhibit::testing

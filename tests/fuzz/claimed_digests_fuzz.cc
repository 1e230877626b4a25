// A collector's list of digests: any text is read or refused, and what is found has the algorithm's size.
#include "vault/base/error.h"
#include "vault/intake/claimed_digests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view list = TextOf(ByteView(data, size));
  auto claimed = intake::ClaimedDigests::Parse(list);
  if (!claimed) return 0;
  // Any piece of the list may be a name that stands in it.
  for (std::size_t at = 0; at < list.size(); at = list.find_first_of(" ,\n", at + 1)) {
    IgnoreBecause("only that it returns is asked", claimed->Find(list.substr(at + 1, 40)));
  }
  const auto end = list.find('\n');
  IgnoreBecause("only that it returns is asked", claimed->Find(list.substr(0, end)));
  return 0;
}

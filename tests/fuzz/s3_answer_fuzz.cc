// What a server of S3 says: whatever it is, it is read or refused, and a page goes on.
#include "vault/net/s3_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto page = net::ReadListAnswer(text);
  if (page) EXHIBIT_ASSERT(page->is_last || !page->objects.empty());
  const auto versions = net::ReadVersionsAnswer(text);
  if (versions) EXHIBIT_ASSERT(versions->is_last || !versions->versions.empty());
  (void)net::ReadRetentionAnswer(text);
  EXHIBIT_ASSERT(net::WordsOfRefusal(text).size() <= 200);
  return 0;
}

// A bag's manifest: what is read leads nowhere out of the bag, and reads the same when it is written as we write it.
// Not the same text: others write capitals, one space, tabs, an asterisk or CR before LF (RFC 8493, 2.1.3).
#include "vault/base/bytes.h"
#include "vault/bundle/manifest.h"

namespace {

using namespace exhibit;

void CheckOne(std::string_view text, bundle::Lists lists) {
  const auto manifest = bundle::DecodeManifest(text, lists);
  if (!manifest) return;
  for (const auto& [name, hash] : *manifest) {
    EXHIBIT_ASSERT(!name.starts_with('/') && name.find("..") != 0 && name.find("/../") == std::string::npos);
    EXHIBIT_ASSERT(bundle::IsPayload(name) == (lists == bundle::Lists::kPayload));
    EXHIBIT_ASSERT(hash.size() == 64);
  }
  const std::string ours = bundle::EncodeManifest(*manifest, lists);
  EXHIBIT_ASSERT(*bundle::DecodeManifest(ours, lists) == *manifest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = TextOf(ByteView(data, size));
  CheckOne(text, bundle::Lists::kPayload);
  CheckOne(text, bundle::Lists::kTags);
  return 0;
}

// A line of a collection of Velociraptor: any text is read or says nothing, places begin with "uploads", and digests have their
// algorithm's size.
#include "vault/base/error.h"
#include "vault/intake/velociraptor_records.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  if (const auto upload = intake::ReadVelociraptorUpload(text)) {
    EXHIBIT_ASSERT(upload->place.size() >= 2 && upload->place.front() == "uploads");
    EXHIBIT_ASSERT(!upload->is_map || upload->place.back().ends_with(".idx"));
  }
  for (const auto& found : intake::ReadVelociraptorDigests(text)) {
    EXHIBIT_ASSERT(found.place.front() == "uploads" && !found.digests.empty());
    for (const auto& digest : found.digests) {
      EXHIBIT_ASSERT(digest.value.size() == custody::DigestBytes(digest.algorithm));
    }
  }
  (void)intake::ReadVelociraptorError(text);
  (void)intake::ReadVelociraptorContext(text);
  const auto place = intake::PlaceOfPath(text);
  EXHIBIT_ASSERT(place.empty() || place.front() == "uploads");
  return 0;
}

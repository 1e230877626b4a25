// Paths of tiles and bundles, and bundles: one spelling each.
#include "vault/base/error.h"
#include "vault/tlog/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const std::string_view path = TextOf(input);
  const auto tile = tlog::ParseTilePath(path);
  EXHIBIT_ASSERT(!tile || tlog::TilePath(*tile) == path);
  const auto bundle = tlog::ParseEntryBundlePath(path);
  EXHIBIT_ASSERT(!bundle || tlog::EntryBundlePath(*bundle) == path);
  EXHIBIT_ASSERT(!(tile && bundle));
  if (size == 0) return 0;
  const auto entries = tlog::ParseEntryBundle(input.subspan(1), data[0]);
  if (entries) {
    const auto encoded = tlog::EncodeEntryBundle(*entries);
    EXHIBIT_ASSERT(encoded && Equal(*encoded, input.subspan(1)));
  }
  return 0;
}

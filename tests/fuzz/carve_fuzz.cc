// Whatever bytes lie in a damaged store: what is found in them lies in them, parses by itself, and is found again alone.
#include <cstddef>
#include <cstdint>

#include "vault/base/error.h"
#include "vault/rescue/carve.h"
#include "vault/seal/layout.h"
#include "vault/tlog/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView window(data, size);
  const rescue::Carved found = rescue::Carve(window, size);
  for (const rescue::CarvedEntry& entry : found.entries) {
    EXHIBIT_ASSERT(!(entry.at > size || entry.bytes > size - entry.at));
    const ByteView bytes = window.subspan(entry.at, entry.bytes);
    EXHIBIT_ASSERT(!(tlog::HashLeaf(bytes) != entry.leaf));
    EXHIBIT_ASSERT(!(rescue::Carve(bytes, bytes.size()).entries.size() != 1));
  }
  for (const rescue::CarvedCheckpoint& one : found.checkpoints) {
    const auto note = tlog::SignedNote::Parse(one.note);
    EXHIBIT_ASSERT(!(!note || tlog::EncodeCheckpoint(one.says) != note->text()));
  }
  for (const rescue::CarvedLayout& layout : found.layouts) {
    EXHIBIT_ASSERT(!(!seal::PayloadLayout::Parse(layout.line)));
    EXHIBIT_ASSERT(!(layout.place && layout.place->layout != layout.line));
  }
  for (const rescue::CarvedHeader& header : found.headers) {
    EXHIBIT_ASSERT(!(header.at > size || header.bytes > size - header.at));
  }
  // A part of the window gives no more than the whole.
  EXHIBIT_ASSERT(!(rescue::Carve(window, size / 2).entries.size() > found.entries.size()));
  EXHIBIT_ASSERT(!(rescue::JoinRecords(window).size() > size));
  return 0;
}

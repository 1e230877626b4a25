// The end of a plaintext, from which fields and seek table are read without the content: what is taken has one spelling,
// its frames are within the plaintext, and every byte of the original is in one of them.
#include "vault/base/error.h"
#include "vault/seal/fields_frame.h"
#include "vault/seal/padding.h"
#include "vault/seal/tail.h"

namespace {

using namespace exhibit;

void Check(ByteView end, std::uint64_t plaintext_bytes) {
  const auto table = seal::SeekTable::ParseAtEnd(end, plaintext_bytes);
  if (!table) return;
  const Bytes again = table->Encode();
  EXHIBIT_ASSERT(Equal(again, end.last(again.size())));
  EXHIBIT_ASSERT(table->fields().offset + table->fields().bytes + table->table_bytes() == plaintext_bytes);
  const auto content = table->ContentFrames(0, table->content_frames() - 1);
  EXHIBIT_ASSERT(content.offset == 0 && content.bytes == table->content_bytes());
  EXHIBIT_ASSERT(table->content_bytes() < table->fields().offset);
  const std::uint64_t original = table->original_bytes();
  if (original > 0) EXHIBIT_ASSERT(seal::FrameAt(original - 1) == table->content_frames() - 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView input(data + 2, size - 2);
  Check(input, seal::PaddedLength(input.size()));
  Check(input, seal::PaddedLength(input.size() + (std::uint64_t{data[0]} << (data[1] % 40))));
  // As the tail of a layout: zeros before it, if it is short.
  Bytes tail(seal::PaddedLength(input.size()) - input.size());
  Append(tail, input);
  const auto layout = seal::PayloadLayout::Create(seal::PayloadLayout::SizesFor(tail.size(), 0), {});
  EXHIBIT_ASSERT(layout);
  const auto read = seal::ReadTail(tail, *layout);
  if (read) EXHIBIT_ASSERT(read->field_lines.ends_with('\n'));
  const auto fields = seal::ParseFieldsFrame(input);
  if (fields) EXHIBIT_ASSERT(Equal(seal::EncodeFieldsFrame(*fields), input));
  return 0;
}

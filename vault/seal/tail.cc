#include "vault/seal/tail.h"

#include "vault/seal/fields_frame.h"

namespace exhibit::seal {

Result<void> CheckTailBegin(const SeekTable& table, const PayloadLayout& layout) {
  if (table.fields().offset / kChunkBytes == layout.tail_begin() / kChunkBytes) return {};
  return Fail(ErrorCode::kInvalid,
              "layout: the tail does not begin with the chunk that holds the beginning of the fields");
}

Result<Tail> ReadTail(ByteView tail_plaintext, const PayloadLayout& layout) {
  EXHIBIT_ASSERT(tail_plaintext.size() == layout.plaintext_bytes() - layout.tail_begin());
  TRY(SeekTable table, SeekTable::ParseAtEnd(tail_plaintext, layout.plaintext_bytes()));
  TRY_VOID(CheckTailBegin(table, layout));
  const ByteRange fields = table.fields();
  const auto at = static_cast<std::size_t>(fields.offset - layout.tail_begin());
  TRY(std::string lines, ParseFieldsFrame(tail_plaintext.subspan(at, static_cast<std::size_t>(fields.bytes))));
  return Tail{std::move(lines), std::move(table)};
}

}  // namespace exhibit::seal

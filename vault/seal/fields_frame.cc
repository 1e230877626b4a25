#include "vault/seal/fields_frame.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kFooter = "EXHM";
constexpr std::size_t kFooterBytes = 8;  // the length and the word

Failure Wrong(std::string_view rule) { return Fail(ErrorCode::kInvalid, "fields frame: " + std::string(rule)); }

}  // namespace

Bytes EncodeFieldsFrame(std::string_view field_lines) {
  EXHIBIT_ASSERT(field_lines.ends_with('\n') && field_lines.size() <= kMaxFieldsBytes);
  Bytes frame;
  frame.reserve(field_lines.size() + kFieldsFrameOverhead);
  AppendSkippableHeader(frame, kFieldsMagic, field_lines.size() + kFooterBytes);
  Append(frame, ViewOf(field_lines));
  AppendU32LittleEndian(frame, field_lines.size());
  Append(frame, ViewOf(kFooter));
  return frame;
}

Result<std::size_t> FieldsFrameBytes(ByteView start) {
  EXHIBIT_ASSERT(start.size() == kSkippableHeaderBytes);
  if (!Equal(start.first(kFieldsMagic.size()), kFieldsMagic)) return Wrong("does not begin as one");
  const std::uint64_t size = GetU32LittleEndian(start.subspan(kFieldsMagic.size()));
  if (size <= kFooterBytes) return Wrong("holds no field");
  if (size > kMaxFieldsBytes + kFooterBytes) return Wrong("longer than 1 MiB");
  return kSkippableHeaderBytes + static_cast<std::size_t>(size);
}

Result<std::string> ParseFieldsFrame(ByteView frame) {
  if (frame.size() < kFieldsFrameOverhead) return Wrong("cut off");
  TRY(const std::size_t bytes, FieldsFrameBytes(frame.first(kSkippableHeaderBytes)));
  if (bytes != frame.size()) return Wrong("its length is not the one that it says");
  const ByteView lines = frame.subspan(kSkippableHeaderBytes, frame.size() - kFieldsFrameOverhead);
  const ByteView footer = frame.last(kFooterBytes);
  if (GetU32LittleEndian(footer) != lines.size()) return Wrong("says two lengths");
  if (TextOf(footer.last(kFooter.size())) != kFooter) return Wrong("does not end in EXHM");
  if (lines.back() != '\n') return Wrong("ends within a line");
  return ToText(lines);
}

}  // namespace exhibit::seal

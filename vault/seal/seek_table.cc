#include "vault/seal/seek_table.h"

#include <string>

#include "vault/base/format.h"

namespace exhibit::seal {
namespace {

constexpr Magic kEnd = {0xb1, 0xea, 0x92, 0x8f};
constexpr std::size_t kFewestRows = 3;  // content, padding, fields

Failure Wrong(std::string_view rule) { return Fail(ErrorCode::kInvalid, "seek table: " + std::string(rule)); }
Failure WrongRow(std::uint64_t row, std::string_view rule) { return Wrong(Format("row {}: {}", row, rule)); }

}  // namespace

Result<SeekTable> SeekTable::Create(std::vector<SeekRow> rows, std::uint64_t plaintext_bytes) {
  if (rows.size() < kFewestRows) return Wrong("fewer than three rows: content, padding and fields");
  SeekTable table(std::move(rows), plaintext_bytes);
  TRY_VOID(table.CountContent());
  TRY_VOID(table.CheckRest());
  return table;
}

// The first frame is content; others are as long as they hold something.
Result<void> SeekTable::CountContent() {
  for (const SeekRow& row : rows_) {
    if (content_frames_ > 0 && row.holds == 0) break;
    if (row.holds > FrameCapacity(content_frames_)) {
      return WrongRow(content_frames_, Format("holds more than {} bytes", FrameCapacity(content_frames_)));
    }
    if (content_frames_ > 0 && original_bytes_ != FrameBegin(content_frames_)) {
      return WrongRow(content_frames_, "follows a content frame that is not full");
    }
    ++content_frames_;
    content_bytes_ += row.frame_bytes;
    original_bytes_ += row.holds;
  }
  if (original_bytes_ > kMaxOriginalBytes) return Wrong("the original is larger than 8 TiB");
  return {};
}

Result<void> SeekTable::CheckRest() {
  const std::uint64_t fields_row = rows_.size() - 1;
  if (content_frames_ >= fields_row) return Wrong("no row of a padding frame, or none of a fields frame");
  const std::uint64_t fields_bytes = rows_.back().frame_bytes;
  if (fields_bytes <= kFieldsFrameOverhead || fields_bytes > kMaxFieldsBytes + kFieldsFrameOverhead) {
    return WrongRow(fields_row, Format("no fields frame has {} bytes", fields_bytes));
  }
  const PaddingPlan plan = PlanPadding({content_bytes_, content_frames_, fields_bytes});
  if (plan.plaintext_bytes != plaintext_bytes_ || plan.frames != fields_row - content_frames_) {
    return Wrong(Format("with these frames the plaintext has {} bytes and {} padding frames, and not {} and {}",
                        plan.plaintext_bytes, plan.frames, plaintext_bytes_, fields_row - content_frames_));
  }
  for (std::uint64_t row = content_frames_; row <= fields_row; ++row) {
    if (rows_[row].holds != 0) return WrongRow(row, "content after padding");
    if (row == fields_row) break;
    const std::uint64_t bytes = kSkippableHeaderBytes + plan.ZerosIn(row - content_frames_);
    if (rows_[row].frame_bytes != bytes) {
      return WrongRow(row, Format("the padding frame has {} bytes instead of {}", rows_[row].frame_bytes, bytes));
    }
  }
  return {};
}

Result<SeekTable> SeekTable::ParseAtEnd(ByteView plaintext_end, std::uint64_t plaintext_bytes) {
  if (plaintext_end.size() < SeekTableBytes(kFewestRows)) return Wrong("cut off");
  const ByteView footer = plaintext_end.last(kSeekFooterBytes);
  if (!Equal(footer.last(kEnd.size()), kEnd)) return Wrong("the plaintext does not end in one");
  if (footer[4] != 0) return Wrong("says that it has checksums, or sets a bit that is reserved");
  const std::uint64_t count = GetU32LittleEndian(footer);
  if (SeekTableBytes(count) > plaintext_end.size()) return Wrong("longer than the tail");
  const ByteView table = plaintext_end.last(static_cast<std::size_t>(SeekTableBytes(count)));
  if (!Equal(table.first(kSeekTableMagic.size()), kSeekTableMagic) ||
      GetU32LittleEndian(table.subspan(kSeekTableMagic.size())) != table.size() - kSkippableHeaderBytes) {
    return Wrong("does not begin where its number of rows says");
  }
  std::vector<SeekRow> rows(static_cast<std::size_t>(count));
  ByteView rest = table.subspan(kSkippableHeaderBytes);
  for (SeekRow& row : rows) {
    row = {GetU32LittleEndian(rest), GetU32LittleEndian(rest.subspan(4))};
    rest = rest.subspan(kSeekRowBytes);
  }
  return Create(std::move(rows), plaintext_bytes);
}

Bytes SeekTable::Encode(const std::vector<SeekRow>& rows) {
  Bytes table;
  table.reserve(static_cast<std::size_t>(SeekTableBytes(rows.size())));
  AppendSkippableHeader(table, kSeekTableMagic, rows.size() * kSeekRowBytes + kSeekFooterBytes);
  for (const SeekRow& row : rows) {
    AppendU32LittleEndian(table, row.frame_bytes);
    AppendU32LittleEndian(table, row.holds);
  }
  AppendU32LittleEndian(table, rows.size());
  table.push_back(0);
  Append(table, kEnd);
  return table;
}

ByteRange SeekTable::ContentFrames(std::uint64_t first, std::uint64_t last) const {
  EXHIBIT_ASSERT(first <= last && last < content_frames_);
  ByteRange range;
  for (std::uint64_t frame = 0; frame <= last; ++frame) {
    (frame < first ? range.offset : range.bytes) += row(frame).frame_bytes;
  }
  return range;
}

}  // namespace exhibit::seal

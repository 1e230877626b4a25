#include "vault/seal/plaintext_reader.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/zeros.h"
#include "vault/seal/fields_frame.h"

namespace exhibit::seal {
namespace {

constexpr std::size_t kSizeBytes = 4;

}  // namespace

PlaintextReader::PlaintextReader(std::uint64_t most_bytes, Sink sink)
    : most_bytes_(std::min(most_bytes, kMaxOriginalBytes)), sink_(std::move(sink)) {}

Failure PlaintextReader::Wrong(std::string_view rule) const {
  return Fail(ErrorCode::kInvalid, Format("frame {}: {}", rows_.size(), rule));
}

ByteView PlaintextReader::unfinished() const { return place_ == Place::kContent ? decoder_.original() : ByteView(); }

Result<void> PlaintextReader::Push(ByteView plaintext) {
  while (!plaintext.empty()) {
    TRY(const std::size_t taken, Step(plaintext));
    plaintext_bytes_ += taken;
    plaintext = plaintext.subspan(taken);
  }
  return {};
}

// Takes some of `piece`, at least a byte.
Result<std::size_t> PlaintextReader::Step(ByteView piece) {
  if (place_ == Place::kContent) return TakeContent(piece);
  if (place_ == Place::kZeros) return TakeZeros(piece);
  if (place_ == Place::kEnd) return Wrong("something follows the seek table");
  const std::size_t taken = std::min(wanted_ - pending_.size(), piece.size());
  Append(pending_, piece.first(taken));
  if (pending_.size() < wanted_) return taken;
  switch (place_) {
    case Place::kMagic: TRY_VOID(TakeMagic()); break;
    case Place::kPaddingSize: TRY_VOID(TakePaddingSize()); break;
    case Place::kFieldsSize: {
      TRY(const std::size_t bytes, FieldsFrameBytes(pending_));
      Expect(Place::kFields, bytes);
      break;
    }
    case Place::kFields: {
      TRY(field_lines_, ParseFieldsFrame(pending_));
      rows_.push_back({static_cast<std::uint32_t>(pending_.size()), 0});
      fields_seen_ = true;
      pending_.clear();
      Expect(Place::kMagic, kContentMagic.size());
      break;
    }
    case Place::kSeekTable: TRY_VOID(TakeSeekTable()); break;
    case Place::kContent:
    case Place::kZeros:
    case Place::kEnd: break;
  }
  return taken;
}

// `pending_` stays: it is the beginning of the part.
void PlaintextReader::Expect(Place place, std::size_t bytes) {
  place_ = place;
  wanted_ = bytes;
}

Result<void> PlaintextReader::TakeMagic() {
  const auto is = [this](const Magic& magic) { return Equal(pending_, magic); };
  if (fields_seen_) {
    if (!is(kSeekTableMagic)) return Wrong("not the seek table, which follows the fields");
    Expect(Place::kSeekTable, static_cast<std::size_t>(SeekTableBytes(rows_.size())));
  } else if (is(kPaddingMagic)) {
    if (content_frames_ == 0) return Wrong("padding before the content");
    padding_seen_ = true;
    Expect(Place::kPaddingSize, kPaddingMagic.size() + kSizeBytes);
  } else if (is(kFieldsMagic)) {
    if (!padding_seen_) return Wrong("the fields, where padding or content must be");
    Expect(Place::kFieldsSize, kSkippableHeaderBytes);
  } else if (padding_seen_) {
    return Wrong("neither padding nor the fields, where one of them must be");
  } else {
    place_ = Place::kContent;
    decoder_.Begin(content_frames_, most_bytes_ - original_bytes_);
    const Bytes magic = std::exchange(pending_, {});
    TRY(const std::size_t taken, decoder_.Push(magic));
    EXHIBIT_ASSERT(taken == magic.size());
  }
  return {};
}

Result<std::size_t> PlaintextReader::TakeContent(ByteView piece) {
  TRY(const std::size_t taken, decoder_.Push(piece));
  if (!decoder_.done()) return taken;
  const ByteView content = decoder_.original();
  if (original_bytes_ != FrameBegin(content_frames_)) return Wrong("follows a content frame that is not full");
  if (content.empty() && content_frames_ > 0) return Wrong("empty, after others");
  if (!content.empty()) TRY_VOID(sink_(content));
  rows_.push_back(decoder_.row());
  ++content_frames_;
  original_bytes_ += content.size();
  Expect(Place::kMagic, kContentMagic.size());
  return taken;
}

Result<void> PlaintextReader::TakePaddingSize() {
  zeros_left_ = GetU32LittleEndian(ByteView(pending_).last(kSizeBytes));
  pending_.clear();
  if (zeros_left_ + kSkippableHeaderBytes > kMaxPaddingFrameBytes) return Wrong("padding of more than 1 GiB");
  rows_.push_back({static_cast<std::uint32_t>(zeros_left_ + kSkippableHeaderBytes), 0});
  if (zeros_left_ > 0) {
    place_ = Place::kZeros;
  } else {
    Expect(Place::kMagic, kContentMagic.size());
  }
  return {};
}

Result<std::size_t> PlaintextReader::TakeZeros(ByteView piece) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(zeros_left_, piece.size()));
  if (!IsZero(piece.first(taken))) {
    return Fail(ErrorCode::kInvalid, Format("frame {}: padding that is not zero", rows_.size() - 1));
  }
  zeros_left_ -= taken;
  if (zeros_left_ == 0) Expect(Place::kMagic, kContentMagic.size());
  return taken;
}

Result<void> PlaintextReader::TakeSeekTable() {
  if (pending_ != SeekTable::Encode(rows_)) {
    return Fail(ErrorCode::kInvalid, "seek table: not that of the frames before it");
  }
  pending_.clear();
  place_ = Place::kEnd;
  return {};
}

Result<PlaintextReader::Whole> PlaintextReader::Finish() {
  if (place_ != Place::kEnd) return Wrong("the plaintext ends within its frames");
  TRY(SeekTable table, SeekTable::Create(std::move(rows_), plaintext_bytes_));
  return Whole{std::move(field_lines_), std::move(table)};
}

}  // namespace exhibit::seal

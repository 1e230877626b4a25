// The plaintext of a sealed file: the same comes out whatever the size of its pieces, never more than a frame at a
// time, and its end alone says the same of it. What is taken, zstd itself takes, however it is fed.
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "vault/base/error.h"
#include "vault/seal/fields_frame.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/plaintext_reader.h"
#include "vault/seal/plaintext_writer.h"

namespace {

using namespace exhibit;

constexpr std::size_t kEnough = 4 << 20;  // a few bytes can state a frame of 1 MiB
constexpr std::string_view kFieldLines = "[\"00\",\"a\",1]\n";

struct Outcome {
  std::optional<std::string> field_lines;
  Bytes seek_table;
  Bytes original;
};

Outcome Read(ByteView plaintext, std::size_t piece) {
  Outcome outcome;
  seal::PlaintextReader reader(kEnough, [&](ByteView bytes) -> Result<void> {
    EXHIBIT_ASSERT(!bytes.empty() && bytes.size() <= seal::kEarlyFrameBytes);
    Append(outcome.original, bytes);
    return {};
  });
  Result<void> status;
  while (status && !plaintext.empty()) {
    const ByteView next = plaintext.first(std::min(piece, plaintext.size()));
    status = reader.Push(next);
    plaintext = plaintext.subspan(next.size());
  }
  EXHIBIT_ASSERT(reader.original_bytes() == outcome.original.size());
  if (!status) return outcome;
  auto whole = reader.Finish();
  if (!whole) return outcome;
  outcome.field_lines = std::move(whole->field_lines);
  outcome.seek_table = whole->seek_table.Encode();
  return outcome;
}

// As `zstd -d` does, reading pieces of this size.
std::optional<Bytes> DecodeByZstd(ByteView plaintext, std::size_t piece) {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  const std::unique_ptr<ZSTD_DCtx, Free> zstd(ZSTD_createDCtx());
  Bytes original;
  Bytes room(ZSTD_DStreamOutSize());
  std::size_t status = 0;
  while (!plaintext.empty()) {
    ZSTD_inBuffer in{plaintext.data(), std::min(piece, plaintext.size()), 0};
    plaintext = plaintext.subspan(in.size);
    for (bool more = true; more;) {
      ZSTD_outBuffer out{room.data(), room.size(), 0};
      status = ZSTD_decompressStream(zstd.get(), &out, &in);
      if (ZSTD_isError(status) != 0) return std::nullopt;
      Append(original, ByteView(room).first(out.pos));
      more = in.pos < in.size || out.pos == out.size;
    }
  }
  return status == 0 ? std::optional(original) : std::nullopt;
}

void Check(ByteView plaintext, std::size_t piece) {
  const Outcome whole = Read(plaintext, SIZE_MAX);
  for (const std::size_t size : {piece, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}}) {
    const Outcome pieces = Read(plaintext, size);
    EXHIBIT_ASSERT(whole.field_lines == pieces.field_lines && whole.original == pieces.original);
  }
  if (!whole.field_lines) return;
  const auto table = seal::SeekTable::ParseAtEnd(plaintext, plaintext.size());
  EXHIBIT_ASSERT(table && table->Encode() == whole.seek_table && table->original_bytes() == whole.original.size());
  for (const std::size_t size : {piece, std::size_t{1}, plaintext.size()}) {
    const auto theirs = DecodeByZstd(plaintext, size);
    EXHIBIT_ASSERT(theirs && *theirs == whole.original);
  }
}

// The input as a content frame, and what must follow it.
void CheckFrame(ByteView frame, std::size_t piece) {
  seal::FrameDecoder decoder;
  decoder.Begin(0, kEnough);
  const auto taken = decoder.Push(frame);
  const std::size_t held = taken && decoder.done() ? decoder.original().size() : 1;
  const Bytes fields = seal::EncodeFieldsFrame(kFieldLines);
  const seal::PaddingPlan plan = seal::PlanPadding({frame.size(), 1, fields.size()});
  Bytes plaintext = ToBytes(frame);
  seal::AppendSkippableHeader(plaintext, seal::kPaddingMagic, plan.zeros);
  plaintext.resize(plaintext.size() + plan.zeros);
  Append(plaintext, fields);
  Append(plaintext,
         seal::SeekTable::Encode({{static_cast<std::uint32_t>(frame.size()), static_cast<std::uint32_t>(held)},
                                  {static_cast<std::uint32_t>(plan.zeros + 8), 0},
                                  {static_cast<std::uint32_t>(fields.size()), 0}}));
  Check(plaintext, piece);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input(data + 1, size - 1);
  const std::size_t piece = 1 + data[0];
  Check(input, piece);
  CheckFrame(input, piece);
  // The input as an original.
  seal::PlaintextWriter writer;
  writer.AppendContent(seal::CompressFrame(input, {}), input.size());
  writer.Finish(kFieldLines);
  Bytes plaintext;
  while (const auto block = writer.Next()) Append(plaintext, block->bytes);
  const Outcome outcome = Read(plaintext, piece);
  EXHIBIT_ASSERT(outcome.field_lines == kFieldLines && Equal(outcome.original, input));
  // And changed at one place after the content: only the fields may differ then.
  plaintext[plaintext.size() - 1 - piece % 128] ^= 1;
  const Outcome changed = Read(plaintext, SIZE_MAX);
  EXHIBIT_ASSERT(!changed.field_lines || changed.field_lines != kFieldLines);
  return 0;
}

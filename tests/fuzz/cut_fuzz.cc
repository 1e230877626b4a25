// Sealed files that were cut off or overwritten: what comes out is the beginning of what was sealed, whatever the size
// of the pieces.
#include <algorithm>

#include "vault/base/error.h"
#include "vault/seal/cut_reader.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/plaintext_writer.h"

namespace {

using namespace exhibit;

struct Outcome {
  std::optional<seal::CutReader::End> end;
  Bytes original;
};

Outcome Read(ByteView payload, std::size_t piece) {
  Outcome outcome;
  seal::CutReader reader(seal::FileKey(), [&](ByteView bytes) -> Result<void> {
    Append(outcome.original, bytes);
    return {};
  });
  while (!payload.empty()) {
    const ByteView next = payload.first(std::min(piece, payload.size()));
    if (!reader.Push(next)) return outcome;
    payload = payload.subspan(next.size());
  }
  auto end = reader.Finish();
  if (end) outcome.end = std::move(*end);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const ByteView input(data, size);
  Read(input, 1 + data[0]);
  // The input as a payload's chunks: genuine, and no plaintext.
  Bytes original;
  for (std::size_t i = 0; i <= data[1] % 40U; ++i) Append(original, input);
  original.resize(std::min(original.size(), seal::kEarlyFrameBytes));
  seal::PlaintextWriter writer;
  writer.AppendContent(seal::CompressFrame(original, {}), original.size());
  writer.Finish("[]\n");
  const seal::PayloadNonce nonce;
  const seal::PayloadKey key = seal::DerivePayloadKey(seal::FileKey(), nonce);
  Bytes payload = ToBytes(nonce.view());
  while (const auto block = writer.Next()) Append(payload, seal::SealBlock(key, *block).bytes);
  const std::size_t cut = (data[2] * std::size_t{65521} + data[3] * std::size_t{257}) % (payload.size() + 1);
  payload.resize(cut);
  const Outcome whole = Read(payload, SIZE_MAX);
  const Outcome pieces = Read(payload, 1 + data[0] * std::size_t{997});
  EXHIBIT_ASSERT(whole.end && pieces.end && whole.original == pieces.original);
  EXHIBIT_ASSERT(whole.end->genuine_bytes + whole.end->unused_bytes == cut);
  EXHIBIT_ASSERT(whole.original.size() == whole.end->original_bytes);
  EXHIBIT_ASSERT(std::equal(whole.original.begin(), whole.original.end(), original.begin()));
  if (cut > 20) {
    payload[cut / 2] ^= 1;
    const Outcome changed = Read(payload, SIZE_MAX);
    EXHIBIT_ASSERT(changed.end && !changed.end->field_lines);
    EXHIBIT_ASSERT(std::equal(changed.original.begin(), changed.original.end(), original.begin()));
  }
  return 0;
}

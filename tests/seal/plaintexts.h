// Plaintexts of sealed files, in parts, so that a test changes one and has the others as they must be.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/check.h"
#include "vault/crypto/random.h"
#include "vault/seal/blocks.h"
#include "vault/seal/fields_frame.h"
#include "vault/seal/frame_compressor.h"
#include "vault/seal/padding.h"
#include "vault/seal/plaintext_writer.h"
#include "vault/seal/sealed_file.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal::testing_parts {

inline constexpr std::string_view kFieldLines = "[\"000102030405060708090a0b0c0d0e0f\",\"size\",164]\n";

inline Bytes PaddingFrame(std::uint64_t zeros) {
  Bytes frame;
  AppendSkippableHeader(frame, kPaddingMagic, zeros);
  frame.resize(frame.size() + static_cast<std::size_t>(zeros));
  return frame;
}

struct PlaintextParts {
  std::vector<Bytes> content;
  std::vector<std::size_t> holds;  // of the original, in each of them
  std::vector<Bytes> padding;
  Bytes fields;
  Bytes seek_table;

  static PlaintextParts Of(ByteView original, std::string_view field_lines = kFieldLines) {
    PlaintextParts parts;
    do {
      const ByteView piece = original.first(std::min(original.size(), FrameCapacity(parts.content.size())));
      original = original.subspan(piece.size());
      parts.content.push_back(CompressFrame(piece, {}));
      parts.holds.push_back(piece.size());
    } while (!original.empty());
    parts.fields = EncodeFieldsFrame(field_lines);
    parts.Repad();
    return parts;
  }

  // A plaintext of one content frame.
  static PlaintextParts OfFrame(Bytes frame, std::size_t held) {
    PlaintextParts parts = Of({});
    parts.content = {std::move(frame)};
    parts.holds = {held};
    parts.Repad();
    return parts;
  }

  // Makes padding and seek table anew for content and fields.
  void Repad() {
    std::uint64_t bytes = 0;
    for (const Bytes& frame : content) bytes += frame.size();
    const PaddingPlan plan = PlanPadding({bytes, content.size(), fields.size()});
    padding.clear();
    for (std::uint64_t i = 0; i < plan.frames; ++i) padding.push_back(PaddingFrame(plan.ZerosIn(i)));
    Retable();
  }
  // Makes the seek table anew.
  void Retable() { seek_table = SeekTable::Encode(Rows()); }

  std::vector<SeekRow> Rows() const {
    std::vector<SeekRow> rows;
    const auto add = [&](const Bytes& frame, std::size_t held) {
      rows.push_back({static_cast<std::uint32_t>(frame.size()), static_cast<std::uint32_t>(held)});
    };
    for (std::size_t i = 0; i < content.size(); ++i) add(content[i], holds[i]);
    for (const Bytes& frame : padding) add(frame, 0);
    add(fields, 0);
    return rows;
  }

  Bytes Join() const {
    Bytes plaintext;
    for (const Bytes& frame : content) Append(plaintext, frame);
    for (const Bytes& frame : padding) Append(plaintext, frame);
    Append(plaintext, fields);
    Append(plaintext, seek_table);
    return plaintext;
  }
};

// The same by the writer, which is what makes them.
inline Bytes Written(ByteView original, std::string_view field_lines = kFieldLines) {
  PlaintextWriter writer;
  Bytes plaintext;
  const auto take = [&] {
    while (const auto block = writer.Next()) Append(plaintext, block->bytes);
  };
  std::uint64_t frame = 0;
  do {
    const ByteView piece = original.first(std::min(original.size(), FrameCapacity(frame++)));
    original = original.subspan(piece.size());
    writer.AppendContent(CompressFrame(piece, {}), piece.size());
    take();
  } while (!original.empty());
  writer.Finish(field_lines);
  take();
  return plaintext;
}

// A sealed file around any plaintext, honest or not.
struct SealedPlaintext {
  FileKey file_key;
  KeyCommitment commitment;
  Bytes payload;
  PayloadLayout layout;

  // `fields_at`: where the tail is to begin.
  static SealedPlaintext Of(ByteView plaintext, std::uint64_t fields_at) {
    FileKey file_key = crypto::RandomSecret<FileKeyTag, 16>();
    const PayloadNonce nonce = NewPayloadNonce();
    Bytes sealed;
    ChunkCipher(DerivePayloadKey(file_key, nonce)).Seal(0, RunEnd::kFinal, plaintext, sealed);
    Bytes payload = ToBytes(nonce.view());
    Append(payload, sealed);
    const auto sizes = PayloadLayout::SizesFor(plaintext.size(), fields_at);
    const PayloadLayout places = testing::Unwrap(PayloadLayout::Create(sizes, {}));
    crypto::CompactRange range;
    for (std::uint64_t i = 0; i < places.block_count(); ++i) {
      const ByteRange block = places.block(i).range();
      range.Append(crypto::HashLeaf(ByteView(payload).subspan(block.offset, block.bytes)));
    }
    const PayloadLayout layout = testing::Unwrap(PayloadLayout::Create(sizes, range.Root()));
    const KeyCommitment commitment = CommitmentTo(file_key);
    return {std::move(file_key), commitment, std::move(payload), layout};
  }
  static SealedPlaintext Of(const PlaintextParts& parts) {
    const Bytes plaintext = parts.Join();
    return Of(plaintext, plaintext.size() - parts.seek_table.size() - parts.fields.size());
  }
};

}  // namespace exhibit::seal::testing_parts

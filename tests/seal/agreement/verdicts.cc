// What seal/ says of plaintexts, layouts and headers, for a program that compares it with another reader (run.py).
//
//   stdin    records: a letter, the length in 4 bytes big-endian, as many bytes
//   stdout   a line for each: "ok", a blank and what was made of it, or "no", a blank and why not
//
//   W  an original                   the plaintext that is written of it, hex
//   P  a plaintext                   SHA-256 of the original, a blank, SHA-256 of the field lines
//   L  a layout line                 the two numbers
//   H  an age header                 the number of its stanzas; refused unless it is one of a bundle
//   N  a number, text                its padded length
#include <cstdio>
#include <string>

#include "tests/seal/plaintexts.h"
#include "vault/base/encoding.h"
#include "vault/crypto/hash.h"
#include "vault/seal/plaintext_reader.h"
#include "vault/seal/stanza_rules.h"

namespace {

using namespace exhibit;

bool ReadExactly(MutableByteView target) { return std::fread(target.data(), 1, target.size(), stdin) == target.size(); }

Result<std::string> ReadPlaintext(ByteView plaintext) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  seal::PlaintextReader reader(seal::kMaxOriginalBytes, [&](ByteView piece) -> Result<void> {
    hasher.Update(piece);
    return {};
  });
  TRY_VOID(reader.Push(plaintext));
  TRY(const seal::PlaintextReader::Whole whole, reader.Finish());
  // The end alone says the same.
  const auto from_end = seal::SeekTable::ParseAtEnd(plaintext, plaintext.size());
  EXHIBIT_ASSERT(from_end && from_end->Encode() == whole.seek_table.Encode());
  return ToHex(hasher.Finish()) + " " + ToHex(crypto::Sha256(ViewOf(whole.field_lines)).view());
}

Result<std::string> Judge(char kind, ByteView bytes) {
  if (kind == 'W') return ToHex(seal::testing_parts::Written(bytes));
  if (kind == 'P') return ReadPlaintext(bytes);
  if (kind == 'L') {
    TRY(const seal::PayloadLayout layout, seal::PayloadLayout::Parse(TextOf(bytes)));
    return std::to_string(layout.payload_bytes()) + " " + std::to_string(layout.tail_bytes());
  }
  if (kind == 'H') {
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(bytes));
    if (parsed.size_bytes != bytes.size()) return Fail(ErrorCode::kInvalid, "something follows the header");
    TRY_VOID(seal::CheckBundleHeader(parsed.header));
    return std::to_string(parsed.header.stanzas.size());
  }
  if (kind == 'N') {
    TRY(const std::uint64_t number, FromDecimal(TextOf(bytes)));
    return std::to_string(seal::PaddedLength(number));
  }
  return Fail(ErrorCode::kUnsupported, "no such kind of record");
}

}  // namespace

int main() {
  std::array<std::uint8_t, 5> head;
  while (ReadExactly(head)) {
    const std::size_t size =
        std::size_t{head[1]} << 24 | std::size_t{head[2]} << 16 | std::size_t{head[3]} << 8 | head[4];
    Bytes bytes(size);
    if (!ReadExactly(bytes)) return 2;
    const auto verdict = Judge(static_cast<char>(head[0]), bytes);
    const std::string line = (verdict ? "ok " + *verdict : "no " + verdict.error().message) + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
  }
  return 0;
}

#include "vault/witness/add_checkpoint.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/cosignature.h"
#include "vault/tlog/note.h"
#include "vault/tlog/take_line.h"

namespace exhibit::witness {
namespace {

constexpr std::string_view kOld = "old ";

Result<AddCheckpoint> Decode(std::string_view rest) {
  if (rest.size() > kMaxRequestBytes) return Fail(ErrorCode::kInvalid, "longer than 64 KiB");
  AddCheckpoint request;
  TRY(std::string_view line, tlog::TakeLine(rest));
  if (!line.starts_with(kOld)) return Fail(ErrorCode::kInvalid, "does not begin with the old size");
  TRY(request.old_size.value, FromDecimal(line.substr(kOld.size())));
  for (;;) {
    TRY(line, tlog::TakeLine(rest));
    if (line.empty()) break;
    if (request.proof.size() == tlog::kMaxProofHashes) return Fail(ErrorCode::kInvalid, "has more than 63 hashes");
    TRY(const tlog::NodeHash hash, FixedFromBase64<tlog::NodeHash>(line, Format("hash {}", request.proof.size())));
    request.proof.push_back(hash);
  }
  request.checkpoint = ToBytes(ViewOf(rest));
  TRY_VOID(tlog::SignedNote::Parse(rest));
  return request;
}

bool IsLineOf(const tlog::NoteSignature& line, const tlog::CosignerKey& key) {
  return line.name == key.name() && line.id == key.id();
}

std::string LineOf(const tlog::NoteSignature& line) { return tlog::SignatureLine(line.name, line.id, line.bytes); }

}  // namespace

Result<Claim> DecodeClaim(std::string_view text) {
  constexpr std::string_view kWhat = "the end of a checkpoint";
  Claim claim;
  TRY(std::string_view line, tlog::TakeLine(text, kWhat));
  if (line.empty()) return Fail(ErrorCode::kInvalid, "checkpoint: has no origin");
  claim.origin = line;
  TRY(line, tlog::TakeLine(text, kWhat));
  TRY(claim.size.value, FromDecimal(line));
  TRY(line, tlog::TakeLine(text, kWhat));
  TRY(claim.root, FixedFromBase64<tlog::RootHash>(line, "checkpoint: root"));
  while (!text.empty()) {
    TRY(line, tlog::TakeLine(text, kWhat));
    if (line.empty()) return Fail(ErrorCode::kInvalid, "checkpoint: has an empty extension line");
  }
  return claim;
}

Bytes EncodeAddCheckpoint(const AddCheckpoint& request) {
  std::string text = Format("{}{}\n", kOld, request.old_size);
  for (const tlog::NodeHash& hash : request.proof) text += ToBase64(hash.view(), Base64::kPadded) + "\n";
  text += "\n";
  Append(text, request.checkpoint);
  return ToBytes(ViewOf(text));
}

Result<AddCheckpoint> DecodeAddCheckpoint(ByteView bytes) {
  auto request = Decode(TextOf(bytes));
  if (!request) return Fail(std::move(request).error().In("add-checkpoint"));
  return request;
}

Result<Bytes> WithCosignatures(ByteView signed_checkpoint, std::string_view answer,
                               std::span<const tlog::CosignerKey> witnesses) {
  TRY(const tlog::SignedNote before, tlog::SignedNote::Parse(signed_checkpoint));
  if (answer.size() > kMaxAnswerBytes) return Fail(ErrorCode::kInvalid, "the witness's answer is longer than 64 KiB");
  // Read as the signatures of this checkpoint, which is what they must be.
  const auto answered = tlog::SignedNote::Parse(std::string(before.text()) + "\n" + std::string(answer));
  if (!answered) return Fail(ErrorCode::kInvalid, "the witness's answer: " + answered.error().message);
  // With an empty line in it, these would be the signatures of a longer text.
  if (answered->text() != before.text()) {
    return Fail(ErrorCode::kInvalid, "the witness's answer has lines that are not signatures");
  }
  std::string lines;
  std::vector<tlog::CosignerKey> found;
  for (const tlog::CosignerKey& witness : witnesses) {
    const auto& all = answered->signatures();
    const auto line = std::ranges::find_if(all, [&](const auto& one) { return IsLineOf(one, witness); });
    if (line == all.end()) continue;
    TRY(const tlog::CosignatureTime time, tlog::CheckCosignature(*answered, witness));
    if (time.seconds == 0) return Fail(ErrorCode::kInvalid, "the witness's answer has a cosignature without a time");
    lines += LineOf(*line);
    found.push_back(witness);
  }
  if (found.empty()) {
    return Fail(ErrorCode::kDenied, "the answer has no cosignature of a witness that was named",
                "name the witness's key: --witness-key VKEY, or a policy that lists it");
  }
  std::string text = std::string(before.text()) + "\n";
  for (const tlog::NoteSignature& line : before.signatures()) {
    if (std::ranges::none_of(found, [&](const auto& key) { return IsLineOf(line, key); })) text += LineOf(line);
  }
  text += lines;
  TRY_VOID(tlog::SignedNote::Parse(text));
  return ToBytes(ViewOf(text));
}

}  // namespace exhibit::witness

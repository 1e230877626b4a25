#include "vault/tlog/tlog_proof.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/tlog/take_line.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Result<TlogProof> Decode(std::string_view rest) {
  if (rest.size() > kMaxNoteBytes) return Fail(ErrorCode::kInvalid, "longer than 1 MiB");
  TlogProof proof;
  TRY(std::string_view line, TakeLine(rest));
  if (line != kFirstLine) {
    return Fail(ErrorCode::kInvalid, "does not begin with " + std::string(kFirstLine));
  }
  TRY(line, TakeLine(rest));
  if (line.starts_with(kExtra)) {
    TRY(proof.unauthenticated_extra, FromBase64(line.substr(kExtra.size()), Base64::kPadded));
    TRY(line, TakeLine(rest));
  }
  if (!line.starts_with(kIndex)) {
    return Fail(ErrorCode::kInvalid, "has no index line where one must be");
  }
  TRY(proof.index.value, FromDecimal(line.substr(kIndex.size())));
  for (;;) {
    TRY(line, TakeLine(rest));
    if (line.empty()) break;
    if (proof.hashes.size() == kMaxProofHashes) {
      return Fail(ErrorCode::kInvalid, "has more than 63 hashes");
    }
    TRY(const NodeHash hash, FixedFromBase64<NodeHash>(line, Format("hash {}", proof.hashes.size())));
    proof.hashes.push_back(hash);
  }
  proof.checkpoint = ToBytes(ViewOf(rest));
  TRY_VOID(SignedNote::Parse(rest));
  return proof;
}

Result<void> CheckEntry(const TlogProof& proof, ByteView entry, const Checkpoint& checkpoint) {
  return CheckInclusion(HashLeaf(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root);
}

}  // namespace

Bytes EncodeTlogProof(const TlogProof& proof) {
  std::string text = std::string(kFirstLine) + "\n";
  if (proof.unauthenticated_extra) {
    text += std::string(kExtra) + ToBase64(*proof.unauthenticated_extra, Base64::kPadded) + "\n";
  }
  text += Format("{}{}\n", kIndex, proof.index);
  for (const NodeHash& hash : proof.hashes) text += ToBase64(hash.view(), Base64::kPadded) + "\n";
  text += "\n";
  Append(text, proof.checkpoint);
  return ToBytes(ViewOf(text));
}

Result<TlogProof> DecodeTlogProof(ByteView bytes) {
  auto proof = Decode(TextOf(bytes));
  if (!proof) return Fail(std::move(proof).error().In("tlog-proof"));
  return proof;
}

Result<Checkpoint> CheckTlogProof(const TlogProof& proof, ByteView entry, const VerifierKey& log_key) {
  TRY(Checkpoint checkpoint, OpenCheckpoint(proof.checkpoint, log_key));
  if (checkpoint.origin.as_key_name() != log_key.name()) {
    return Fail(ErrorCode::kTampered, "tlog-proof: the checkpoint is of another origin than its key");
  }
  TRY_VOID(CheckEntry(proof, entry, checkpoint));
  return checkpoint;
}

Result<AcceptedCheckpoint> CheckTlogProof(const TlogProof& proof, ByteView entry, const Policy& policy) {
  TRY(const SignedNote note, SignedNote::Parse(proof.checkpoint));
  TRY(AcceptedCheckpoint accepted, policy.Accept(note));
  TRY_VOID(CheckEntry(proof, entry, accepted.checkpoint));
  return accepted;
}

}  // namespace exhibit::tlog

#include "vault/tlog/fork_proof.h"

#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/tlog/take_line.h"

namespace exhibit::tlog {
namespace {

constexpr std::string_view kFirstLine = "exhibit-fork-proof@v1\n";
constexpr std::string_view kPrefix = "prefix ";
constexpr std::string_view kHash = "hash ";

// A checkpoint's text has no empty line, so the second one in front of us ends its signatures.
Result<std::string_view> TakeNote(std::string_view& rest) {
  const std::size_t text_end = rest.find("\n\n");
  const std::size_t end = text_end == std::string_view::npos ? text_end : rest.find("\n\n", text_end + 2);
  if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "has not two checkpoints");
  const std::string_view note = rest.substr(0, end + 1);
  rest.remove_prefix(end + 2);
  return note;
}

Result<Checkpoint> CheckpointOf(std::string_view bytes) {
  TRY(const SignedNote note, SignedNote::Parse(bytes));
  return DecodeCheckpoint(note.text());
}

Result<ForkProof> Decode(std::string_view rest) {
  if (rest.size() > kMaxForkProofBytes) return Fail(ErrorCode::kInvalid, "longer than 3 MiB");
  if (!rest.starts_with(kFirstLine)) {
    return Fail(ErrorCode::kInvalid, "does not begin with " + std::string(kFirstLine.substr(0, kFirstLine.size() - 1)));
  }
  rest.remove_prefix(kFirstLine.size());
  ForkProof proof;
  for (;;) {
    TRY(const std::string_view line, TakeLine(rest, "its checkpoints"));
    if (line.empty()) break;
    if (!proof.prefix) {
      if (!line.starts_with(kPrefix)) return Fail(ErrorCode::kInvalid, "has no prefix line where one must be");
      TRY(const RootHash root, FixedFromBase64<RootHash>(line.substr(kPrefix.size()), "prefix"));
      proof.prefix.emplace(ForkProof::Prefix{root, {}});
      continue;
    }
    if (!line.starts_with(kHash)) return Fail(ErrorCode::kInvalid, "has no hash line where one must be");
    if (proof.prefix->hashes.size() == kMaxProofHashes) return Fail(ErrorCode::kInvalid, "has more than 63 hashes");
    TRY(const NodeHash hash, FixedFromBase64<NodeHash>(line.substr(kHash.size()), "hash"));
    proof.prefix->hashes.push_back(hash);
  }
  TRY(const std::string_view smaller, TakeNote(rest));
  TRY(const Checkpoint first, CheckpointOf(smaller));
  TRY(const Checkpoint second, CheckpointOf(rest));
  if (first.size > second.size) return Fail(ErrorCode::kInvalid, "its checkpoints are not in the order of their sizes");
  proof.smaller = ToBytes(ViewOf(smaller));
  proof.larger = ToBytes(ViewOf(rest));
  return proof;
}

Result<Checkpoint> OpenWithAny(ByteView bytes, const KeysAt& keys_at) {
  TRY(const SignedNote note, SignedNote::Parse(bytes));
  TRY(Checkpoint checkpoint, DecodeCheckpoint(note.text()));
  const std::vector<VerifierKey> log_keys = keys_at(checkpoint.size);
  TRY(const std::vector<std::size_t> signers, VerifyNote(note, log_keys));
  for (const std::size_t signer : signers) {
    if (log_keys[signer].name().text() == checkpoint.origin.text()) return checkpoint;
  }
  return Fail(ErrorCode::kTampered, "it is of another origin than its key: " + Printable(checkpoint.origin.text()));
}

}  // namespace

Bytes EncodeForkProof(const ForkProof& proof) {
  std::string text(kFirstLine);
  if (proof.prefix) {
    text += std::string(kPrefix) + ToBase64(proof.prefix->root.view(), Base64::kPadded) + "\n";
    for (const NodeHash& hash : proof.prefix->hashes) {
      text += std::string(kHash) + ToBase64(hash.view(), Base64::kPadded) + "\n";
    }
  }
  text += "\n";
  Append(text, proof.smaller);
  text += "\n";
  Append(text, proof.larger);
  return ToBytes(ViewOf(text));
}

Result<ForkProof> DecodeForkProof(ByteView bytes) {
  auto proof = Decode(TextOf(bytes));
  if (!proof) return Fail(std::move(proof).error().In("fork proof"));
  return proof;
}

Result<ForkProof> MakeForkProof(ByteView one, ByteView other, const TileReader* larger_tree) {
  TRY(Checkpoint smaller, CheckpointOf(TextOf(one)));
  TRY(Checkpoint larger, CheckpointOf(TextOf(other)));
  if (smaller.size > larger.size) {
    std::swap(one, other);
    std::swap(smaller, larger);
  }
  ForkProof proof{{}, ToBytes(one), ToBytes(other)};
  if (smaller.size == larger.size || smaller.size.value == 0 || larger_tree == nullptr) return proof;
  TRY(const GrowingTree past, GrowingTree::Open(smaller.size, *larger_tree));
  if (past.Root() == smaller.root) return proof;
  TRY(ProofHashes hashes, ProveConsistency(*larger_tree, smaller.size, larger.size));
  proof.prefix.emplace(ForkProof::Prefix{past.Root(), std::move(hashes)});
  return proof;
}

Result<Fork> CheckForkProof(const ForkProof& proof, const KeysAt& keys_at) {
  auto smaller = OpenWithAny(proof.smaller, keys_at);
  if (!smaller) return Fail(std::move(smaller).error().In("the smaller checkpoint"));
  auto larger = OpenWithAny(proof.larger, keys_at);
  if (!larger) return Fail(std::move(larger).error().In("the larger checkpoint"));
  if (smaller->origin != larger->origin) return Fail(ErrorCode::kTampered, "the two checkpoints are of different logs");
  Fork fork{Fork::Kind::kTwoSizes, std::move(*smaller), std::move(*larger)};
  if (fork.smaller.size == fork.larger.size) {
    if (proof.prefix) return Fail(ErrorCode::kTampered, "two checkpoints of one size have no prefix");
    if (fork.smaller.root == fork.larger.root) return Fail(ErrorCode::kTampered, "the two checkpoints are the same");
    fork.kind = Fork::Kind::kTwoRoots;
    return fork;
  }
  if (!proof.prefix) return fork;
  if (proof.prefix->root == fork.smaller.root) {
    return Fail(ErrorCode::kTampered, "the prefix is the smaller root, and nothing contradicts");
  }
  TRY_VOID(CheckConsistency({fork.smaller.size, proof.prefix->root}, {fork.larger.size, fork.larger.root},
                            proof.prefix->hashes));
  fork.kind = Fork::Kind::kTwoPasts;
  return fork;
}

}  // namespace exhibit::tlog

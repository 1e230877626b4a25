// .tlog-proof files: what is read is written again to the same bytes, and checking one never fails
// other than by an error.
#include "vault/base/error.h"
#include "vault/tlog/subtree_proof.h"
#include "vault/tlog/tlog_proof.h"

namespace {

// With a proof that can be read, the arithmetic of all checks over sizes that the input chooses.
void CheckAround(const exhibit::tlog::TlogProof& proof) {
  using namespace exhibit::tlog;
  const auto note = SignedNote::Parse(proof.checkpoint);
  EXHIBIT_ASSERT(note);
  const auto checkpoint = DecodeCheckpoint(note->text());
  if (!checkpoint) return;
  const LeafHash leaf = HashLeaf(proof.checkpoint);
  EXHIBIT_ASSERT(!CheckInclusion(leaf, proof.index, checkpoint->size, proof.hashes, checkpoint->root));
  const SignedSize tree{checkpoint->size, checkpoint->root};
  const SignedSize other{{proof.index.value}, EmptyRoot()};
  // This one may hold: the empty root may stand on both sides.
  (void)CheckConsistency(other, tree, proof.hashes);
  if (const auto range = Subtree::Create(proof.index, checkpoint->size)) {
    const SubtreeRoot subtree{*range, checkpoint->root};
    EXHIBIT_ASSERT(!CheckSubtreeInclusion(leaf, proof.index, subtree, proof.hashes));
    (void)CheckSubtreeConsistency(subtree, tree, proof.hashes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto proof = tlog::DecodeTlogProof(input);
  if (!proof) return 0;
  EXHIBIT_ASSERT(Equal(tlog::EncodeTlogProof(*proof), input));
  CheckAround(*proof);
  return 0;
}

// Goal: one file key has one commitment. Method: the example of docs/FORMAT.md.
#include "vault/seal/key_commitment.h"

#include <numeric>

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

TEST_CASE("the commitment to a key is the one of the format's example", "[seal]") {
  FileKey file_key;
  std::iota(file_key.ExposeSecretForWriting().begin(), file_key.ExposeSecretForWriting().end(), std::uint8_t{0});
  const KeyCommitment commitment = CommitmentTo(file_key);
  CHECK(ToHex(commitment.view()) == "a01b185489ee02646574ba26934aacf0c5f76cb801762790819fec76ae0c7885");
  CHECK(CheckCommitment(commitment, file_key));
  CHECK_FAILS(CheckCommitment(commitment, FileKey()), ErrorCode::kTampered, "another key than the entry commits to");
}

}  // namespace
}  // namespace exhibit::seal

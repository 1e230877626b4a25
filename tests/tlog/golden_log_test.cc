// Goal: from its entries and seeds, every file of the golden log comes out byte for byte. Method:
// each is made with the library's own functions and compared with own-vectors.json.
#include "tests/tlog/golden_log.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/tlog/log_on_tiles.h"
#include "vault/crypto/hash.h"
#include "vault/tlog/policy.h"
#include "vault/tlog/tlog_proof.h"

namespace exhibit::tlog {
namespace {

using testing::Golden;
using testing::GoldenLog;
using testing::Hex;
using testing::Unwrap;

std::vector<Bytes> Entries() {
  std::vector<Bytes> entries;
  for (int i = 0; i < 7; ++i) {
    entries.push_back(ToBytes(ViewOf("evidence entry " + std::to_string(i) + "\n")));
  }
  return entries;
}

testing::LogOnTiles LogOf(std::size_t size) {
  testing::LogOnTiles log;
  for (std::size_t i = 0; i < size; ++i) log.Append(HashLeaf(Entries()[i]));
  return log;
}

std::string SignedCheckpoint(std::size_t size) {
  const Checkpoint checkpoint{Unwrap(Origin::Parse(Golden("origin"))), {size}, LogOf(size).tree.Root()};
  return ToText(Unwrap(SignCheckpoint(checkpoint, testing::GoldenLogKey())));
}

std::string CheckpointText(std::size_t size) {
  return std::string(Unwrap(SignedNote::Parse(SignedCheckpoint(size))).text());
}

std::string Base64Lines(const ProofHashes& hashes) {
  std::string lines;
  for (const NodeHash& hash : hashes) lines += ToBase64(hash.view(), Base64::kPadded) + "\n";
  return lines;
}

// The checkpoint of seven entries with both witnesses.
std::string Checkpoint7() {
  const std::string text = CheckpointText(7);
  return SignedCheckpoint(7) + Unwrap(Cosign(text, {1'700'000'060}, testing::GoldenWitness(1))) +
         Unwrap(Cosign(text, {1'700'000'065}, testing::GoldenWitness(2)));
}

TEST_CASE("the golden keys come from their published strings", "[golden]") {
  CHECK(ToHex(crypto::Sha256(ViewOf("vault test log key")).view()) == Golden("log_seed_hex"));
  CHECK(ToHex(crypto::Sha256(ViewOf("vault test witness 1")).view()) == Golden("witness1_seed_hex"));
  CHECK(ToHex(crypto::Sha256(ViewOf("vault test witness 2")).view()) == Golden("witness2_seed_hex"));
  CHECK(ToHex(crypto::Sha256(ViewOf(Golden("origin"))).view()) == Golden("origin_hash_hex"));
  CHECK(testing::GoldenLogKey().verifier().ToText() == Golden("log_vkey"));
  CHECK(testing::GoldenLogKey().ToSecretText().ExposeSecret() == Golden("log_skey"));
  CHECK(testing::GoldenWitness(1).verifier().ToText() == Golden("witness1_vkey"));
  CHECK(testing::GoldenWitness(2).verifier().ToText() == Golden("witness2_vkey"));
}

TEST_CASE("the golden roots at all eight sizes", "[golden]") {
  const auto& roots = GoldenLog().at("roots_b64");
  REQUIRE(roots.size() == 8);
  REQUIRE(GoldenLog().at("entries_hex").size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(ToHex(Entries()[i]) == GoldenLog().at("entries_hex")[i].get<std::string>());
  }
  for (std::size_t size = 0; size <= 7; ++size) {
    CHECK(ToBase64(LogOf(size).tree.Root().view(), Base64::kPadded) ==
          roots.at(std::to_string(size)).get<std::string>());
  }
}

TEST_CASE("the golden checkpoints with their cosignatures", "[golden]") {
  const std::string cosigned =
      SignedCheckpoint(5) + Unwrap(Cosign(CheckpointText(5), {1'700'000'000}, testing::GoldenWitness(1)));
  CHECK(cosigned == Golden("checkpoint5"));
  CHECK(Checkpoint7() == Golden("checkpoint7"));
  // The file that the timestamp tests stamp.
  CHECK(ToHex(crypto::Sha256(ViewOf(SignedCheckpoint(7))).view()) ==
        "c4ca20c0224395df73b7e70090281a8980fd0958ce0af47e50317a428df82dd4");
  CHECK(Unwrap(SignedNote::Parse(Checkpoint7())).Serialise() == ToBytes(ViewOf(Golden("checkpoint7"))));
}

TEST_CASE("the golden consistency proof and the body for a witness", "[golden]") {
  const testing::LogOnTiles log = LogOf(7);
  const ProofHashes proof = Unwrap(ProveConsistency(log.tiles, {5}, {7}));
  REQUIRE_OK(CheckConsistency({{5}, LogOf(5).tree.Root()}, {{7}, log.tree.Root()}, proof));
  std::string lines;
  for (const auto& line : GoldenLog().at("consistency_5_7")) lines += line.get<std::string>() + "\n";
  CHECK(Base64Lines(proof) == lines);
  CHECK("old 5\n" + Base64Lines(proof) + "\n" + SignedCheckpoint(7) == Golden("witness_add_checkpoint_body"));
}

TEST_CASE("the golden tlog-proof", "[golden]") {
  const testing::LogOnTiles log = LogOf(7);
  const TlogProof proof{
      ToBytes(ViewOf("sample")), {3}, Unwrap(ProveInclusion(log.tiles, {3}, {7})), ToBytes(ViewOf(Checkpoint7()))};
  CHECK(ToText(EncodeTlogProof(proof)) == Golden("tlog_proof_index3_size7"));
}

TEST_CASE("the golden policy is its own one spelling and accepts the golden proof", "[golden]") {
  const Policy policy = Unwrap(Policy::Parse(Golden("tlog_policy")));
  CHECK(policy.ToText() == Golden("tlog_policy"));
  const TlogProof proof = Unwrap(DecodeTlogProof(ViewOf(Golden("tlog_proof_index3_size7"))));
  const AcceptedCheckpoint accepted = Unwrap(CheckTlogProof(proof, Entries()[3], policy));
  CHECK(accepted.checkpoint.size == TreeSize{7});
  CHECK(accepted.log == testing::GoldenVerifier("log_vkey"));
  CHECK(accepted.witnesses == std::vector<Witnessed>{{"w1", {1'700'000'060}}, {"w2", {1'700'000'065}}});
}

TEST_CASE("the golden entry bundle and tile", "[golden]") {
  CHECK(ToHex(Unwrap(EncodeEntryBundle(Entries()))) == Golden("entry_bundle_hex"));
  CHECK(Unwrap(ParseEntryBundle(Hex(Golden("entry_bundle_hex")), 7)) == Entries());
  GrowingTree tree;
  for (const Bytes& entry : Entries()) tree.Append(HashLeaf(entry));
  const auto tiles = tree.TakeChangedTiles();
  REQUIRE(tiles.size() == 1);
  CHECK(TilePath(tiles[0].id) == "tile/0/000.p/7");
  CHECK(ToHex(tiles[0].bytes) == Golden("tile_0_000.p_7_hex"));
}

}  // namespace
}  // namespace exhibit::tlog

// Goal: a .tlog-proof is read in one spelling only, and believed only if all of it holds. Method:
// the golden proof, our 20 negative ones, and each rule broken alone.
#include "vault/tlog/tlog_proof.h"

#include "tests/support/check.h"
#include "tests/tlog/golden_log.h"

namespace exhibit::tlog {
namespace {

using testing::Golden;
using testing::Replaced;
using testing::Unwrap;

std::string GoldenProof() { return Golden("tlog_proof_index3_size7"); }
Result<TlogProof> Decode(const std::string& text) { return DecodeTlogProof(ViewOf(text)); }
VerifierKey LogKey() { return testing::GoldenVerifier("log_vkey"); }
Policy GoldenPolicy() { return Unwrap(Policy::Parse(Golden("tlog_policy"))); }
constexpr std::string_view kEntry3 = "evidence entry 3\n";

TEST_CASE("the golden proof is read, holds, and is written again to the same bytes", "[tlog_proof]") {
  const TlogProof proof = Unwrap(Decode(GoldenProof()));
  CHECK(ToText(proof.unauthenticated_extra.value()) == "sample");
  CHECK(proof.index == Sequence{3});
  CHECK(proof.hashes.size() == 3);
  CHECK(ToText(proof.checkpoint) == Golden("checkpoint7"));
  const Checkpoint checkpoint = Unwrap(CheckTlogProof(proof, ViewOf(kEntry3), LogKey()));
  CHECK(checkpoint.size == TreeSize{7});
  CHECK(ToText(EncodeTlogProof(proof)) == GoldenProof());
}

TEST_CASE("a proof without extra data, and one with an empty one, keep their bytes", "[tlog_proof]") {
  const std::string without = Replaced(GoldenProof(), "extra c2FtcGxl\n", "");
  CHECK_FALSE(Unwrap(Decode(without)).unauthenticated_extra.has_value());
  CHECK(ToText(EncodeTlogProof(Unwrap(Decode(without)))) == without);
  const std::string empty = Replaced(GoldenProof(), "extra c2FtcGxl\n", "extra \n");
  CHECK(Unwrap(Decode(empty)).unauthenticated_extra.value().empty());
  CHECK(ToText(EncodeTlogProof(Unwrap(Decode(empty)))) == empty);
}

TEST_CASE("extra data is not authenticated: any other leaves the proof valid", "[tlog_proof]") {
  const TlogProof proof = Unwrap(Decode(Replaced(GoldenProof(), "c2FtcGxl", "Zm9yZ2Vk")));
  CHECK(ToText(proof.unauthenticated_extra.value()) == "forged");
  REQUIRE_OK(CheckTlogProof(proof, ViewOf(kEntry3), LogKey()));
}

TEST_CASE("the proof of a log of one entry has no hashes", "[tlog_proof]") {
  const SigningKey key = testing::GoldenLogKey();
  CompactRange range;
  range.Append(HashLeaf(ViewOf("alone")));
  const Checkpoint checkpoint{Unwrap(Origin::Parse(Golden("origin"))), {1}, range.Root()};
  const TlogProof proof{std::nullopt, {0}, {}, Unwrap(SignCheckpoint(checkpoint, key))};
  const TlogProof again = Unwrap(DecodeTlogProof(EncodeTlogProof(proof)));
  CHECK(Unwrap(CheckTlogProof(again, ViewOf("alone"), key.verifier())) == checkpoint);
}

TEST_CASE("our 20 altered proofs are refused under the policy", "[tlog_proof]") {
  const auto rows = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-vectors-neg.json")))
                        .at("tlog_proof_negative");
  REQUIRE(rows.size() == 20);
  const Policy policy = GoldenPolicy();
  for (const auto& row : rows) {
    const auto name = row.at("name").get<std::string>();
    const auto reason = row.at("reason").get<std::string>();
    CAPTURE(name, reason);
    const auto proof = Decode(row.at("proof").get<std::string>());
    if (!proof) {
      // What cannot be read is refused for its form, not for a signature or a hash.
      CHECK(proof.error().code == ErrorCode::kInvalid);
      CHECK(proof.error().message.starts_with("tlog-proof: "));
      CHECK(reason.starts_with("ValueError"));
      continue;
    }
    const auto accepted = CheckTlogProof(*proof, ViewOf(kEntry3), policy);
    REQUIRE_FALSE(accepted);
    if (reason.starts_with("InvalidSignature")) {
      CHECK_FAILS(accepted, ErrorCode::kTampered, "does not fit");
    } else if (reason == "ValueError: quorum") {
      CHECK_FAILS(accepted, ErrorCode::kDenied, "the quorum \"g\" is not met: 1 of 2 witnesses cosigned");
    } else {
      CHECK(reason == "ValueError: inclusion");
      CHECK(accepted.error().message.find("inclusion proof: ") != std::string::npos);
    }
  }
}

TEST_CASE("the positive vector holds under its keys", "[tlog_proof]") {
  const auto row = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-vectors-neg.json")))
                       .at("tlog_proof_positive");
  const TlogProof proof = Unwrap(Decode(row.at("proof").get<std::string>()));
  const Bytes entry = testing::Hex(row.at("entry_hex").get<std::string>());
  const VerifierKey log = Unwrap(VerifierKey::Parse(row.at("log_vkey").get<std::string>()));
  REQUIRE_OK(CheckTlogProof(proof, entry, log));
  REQUIRE(row.at("witness_vkeys").size() == 2);
  const SignedNote checkpoint = Unwrap(SignedNote::Parse(proof.checkpoint));
  for (const auto& vkey : row.at("witness_vkeys")) {
    REQUIRE_OK(CheckCosignature(checkpoint, Unwrap(VerifierKey::Parse(vkey.get<std::string>()))));
  }
}

TEST_CASE("a malformed proof says what is wrong", "[tlog_proof]") {
  struct Row {
    std::string text;
    std::string words;
  };
  const std::string good = GoldenProof();
  const std::vector<Row> rows = {
      {"", "ends before its checkpoint"},
      {"c2sp.org/tlog-proof@v1\n", "ends before its checkpoint"},
      {Replaced(good, "@v1", "@v2"), "does not begin with c2sp.org/tlog-proof@v1"},
      {" " + good, "does not begin with"},
      {Replaced(good, "extra ", "Extra "), "has no index line where one must be"},
      {Replaced(good, "extra c2FtcGxl", "extra c2FtcGxm="), "base64"},
      {Replaced(good, "extra c2FtcGxl\n", "extra c2FtcGxl\nextra c2FtcGxl\n"), "has no index line"},
      {Replaced(good, "index 3", "index 03"), "not a decimal number"},
      {Replaced(good, "index 3", "index -3"), "not a decimal number"},
      {Replaced(good, "index 3", "index 18446744073709551616"), "not a decimal number"},
      {Replaced(good, "index 3", "index  3"), "not a decimal number"},
      {Replaced(good, "index 3\n", "index 3\r\n"), "not a decimal number"},
      {Replaced(good, "index 3\n", ""), "has no index line"},
      {Replaced(good, "nKYI4faq", "nKYI"), "hash 0 is not the base64 of 32 bytes"},
      {Replaced(good, "T2icmyt", "T2icmy "), "hash 2 is not the base64 of 32 bytes"},
      {Replaced(good, "RZr90=\n\nvault", "RZr90=\nvault"), "hash 3 is not the base64 of 32 bytes"},
      {Replaced(good, "\xE2\x80\x94 vault", "- vault"), "signature line 1: does not begin with a dash"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK_FAILS(Decode(row.text), ErrorCode::kInvalid, row.words);
  }
}

TEST_CASE("a proof cut at any byte is refused", "[tlog_proof]") {
  const std::string good = GoldenProof();
  for (std::size_t size = 0; size < good.size(); ++size) {
    // A cut between two signature lines leaves a shorter note that is well-formed.
    const std::string cut = good.substr(0, size);
    const auto proof = Decode(cut);
    if (proof) {
      CHECK(cut.ends_with('\n'));
      CHECK_FAILS(CheckTlogProof(*proof, ViewOf(kEntry3), GoldenPolicy()), ErrorCode::kDenied, "is not met");
    } else {
      CHECK(proof.error().code == ErrorCode::kInvalid);
    }
  }
}

TEST_CASE("a proof has at most 63 hashes and 1 MiB", "[tlog_proof]") {
  const std::string hash = "nKYI4faqvMhNSYufyyJbOqeebeFqPXbqF7vpTjuAZeU=\n";
  std::string more;
  for (int i = 0; i < 60; ++i) more += hash;
  const std::string most = Replaced(GoldenProof(), hash, hash + more);
  CHECK(Unwrap(Decode(most)).hashes.size() == 63);
  CHECK_FAILS(CheckTlogProof(Unwrap(Decode(most)), ViewOf(kEntry3), LogKey()), ErrorCode::kTampered,
              "inclusion proof: has too many hashes");
  CHECK_FAILS(Decode(Replaced(most, hash, hash + hash)), ErrorCode::kInvalid, "has more than 63 hashes");
  const std::string long_extra(kMaxNoteBytes, 'A');
  CHECK_FAILS(Decode(Replaced(GoldenProof(), "c2FtcGxl", long_extra)), ErrorCode::kInvalid, "longer than 1 MiB");
}

TEST_CASE("a proof fits one entry, one position and one log", "[tlog_proof]") {
  const TlogProof good = Unwrap(Decode(GoldenProof()));
  CHECK_FAILS(CheckTlogProof(good, ViewOf("evidence entry 4\n"), LogKey()), ErrorCode::kTampered,
              "inclusion proof: does not lead to the root");
  TlogProof moved = good;
  moved.index = {2};
  CHECK_FAILS(CheckTlogProof(moved, ViewOf(kEntry3), LogKey()), ErrorCode::kTampered, "does not lead to the root");
  moved.index = {7};
  CHECK_FAILS(CheckTlogProof(moved, ViewOf(kEntry3), LogKey()), ErrorCode::kInvalid,
              "position 7 is not in a tree of 7");
  const SigningKey stranger = SigningKey::Generate(LogKey().name());
  CHECK_FAILS(CheckTlogProof(good, ViewOf(kEntry3), stranger.verifier()), ErrorCode::kDenied,
              "not signed by a known key");
}

TEST_CASE("a node of the tree cannot be passed off as an entry", "[tlog_proof]") {
  // The parent of entries 2 and 3 with the shorter proof that leads from it to the root.
  const TlogProof good = Unwrap(Decode(GoldenProof()));
  Bytes node;
  Append(node, HashLeaf(ViewOf("evidence entry 2\n")).view());
  Append(node, HashLeaf(ViewOf(kEntry3)).view());
  TlogProof forged = good;
  forged.index = {1};
  forged.hashes.erase(forged.hashes.begin());
  CHECK_FAILS(CheckTlogProof(forged, node, LogKey()), ErrorCode::kTampered, "inclusion proof");
}

TEST_CASE("a log's key does not speak for another origin", "[tlog_proof]") {
  const SigningKey key = testing::GoldenLogKey();
  const Checkpoint other{Unwrap(Origin::Parse("vault.example/another")),
                         {7},
                         Unwrap(DecodeCheckpoint(Unwrap(SignedNote::Parse(Golden("checkpoint7"))).text())).root};
  TlogProof proof = Unwrap(Decode(GoldenProof()));
  proof.checkpoint = Unwrap(SignCheckpoint(other, key));
  CHECK_FAILS(CheckTlogProof(proof, ViewOf(kEntry3), key.verifier()), ErrorCode::kTampered,
              "the checkpoint is of another origin than its key");
  CHECK_FAILS(CheckTlogProof(proof, ViewOf(kEntry3), GoldenPolicy()), ErrorCode::kTampered,
              "signed for another origin, vault.example/another");
}

}  // namespace
}  // namespace exhibit::tlog
